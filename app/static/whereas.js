/* Optional help on top of pages that work without it: menus that close, buttons that send once,
   confirmations in a dialog, a bar that moves. Loaded as a module; every hook is a data attribute. */

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/* One polite voice for the page; a pause makes screen readers notice equal sentences. */
function say(text) {
  const live = document.getElementById("live");
  live.textContent = "";
  setTimeout(() => { live.textContent = text; }, 80);
}

/* Header menus: Escape or a click elsewhere closes them. */
function menus() {
  const open = () => all(".top details[open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open().forEach((menu) => { menu.open = false; menu.firstElementChild.focus(); });
  });
  document.addEventListener("click", (event) => {
    open().filter((menu) => !menu.parentElement.contains(event.target))
      .forEach((menu) => { menu.open = false; });
  });
}

/* A form sent twice is stopped here for ten seconds; the server refuses it anyway. */
function once() {
  const release = (form) => {
    delete form.dataset.sent;
    all("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-disabled", "true");
    setTimeout(release, 10000, form);
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach(release));
}

/* <a data-dialog href="page with a [data-confirm] card">: shows that card over this page. */
async function openDialog(link) {
  const answer = await fetch(link.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const card = page.querySelector("[data-confirm]");
  if (!answer.ok || !card) { location.assign(link.href); return; }
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", card.getAttribute("aria-labelledby"));
  dialog.append(document.adoptNode(card));
  dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
  dialog.addEventListener("click", (event) => {
    if (event.target !== dialog && !event.target.closest("[data-close]")) return;
    event.preventDefault();
    dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("[data-close]").focus();
}

function dialogs() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-dialog]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    openDialog(link).catch(() => location.assign(link.href));
  });
}

/* <button hidden data-copy="#id" data-done="Copied">: copies the text or value of #id. */
function copying(button) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const source = document.querySelector(button.dataset.copy);
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    say(button.dataset.done);
    button.textContent = button.dataset.done;
  });
}

/* <button hidden data-share data-title data-text data-url>: the phone's own sheet for passing on. */
function sharing(button) {
  button.hidden = !navigator.share;
  const { title, text, url } = button.dataset;
  button.addEventListener("click", () => navigator.share({ title, text, url }).catch(() => {}));
}

/* <input type="password" data-show="Show" data-hide="Hide">: lets people see what they type. */
function showing(input) {
  const frame = document.createElement("span");
  const button = document.createElement("button");
  frame.className = "secret";
  button.type = "button";
  button.className = "quiet";
  button.textContent = input.dataset.show;
  button.setAttribute("aria-controls", input.id);
  input.replaceWith(frame);
  frame.append(input, button);
  button.addEventListener("click", () => {
    const hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    button.textContent = hidden ? input.dataset.hide : input.dataset.show;
  });
}

/* Puts the server's newest rendering of a box in its place, when its buttons must change too, and
   of what goes along with it (data-along, with the box's id). */
async function redraw(box) {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const fresh = page.getElementById(box.id);
  if (!fresh) { location.reload(); return; }
  const held = box.contains(document.activeElement);
  box.replaceWith(document.adoptNode(fresh));
  all(`[data-along="${box.id}"]`).forEach((part) => {
    const newest = page.getElementById(part.id);
    if (newest) part.replaceWith(document.adoptNode(newest));
  });
  if (held) { fresh.tabIndex = -1; fresh.focus(); }
  if (fresh.dataset.progress) watch(fresh);
}

/* <section id data-progress="url" data-phase="sending">: asks the url every two seconds for
   {done, total, sentence, phase, finished, states: {key: number}} and shows the answer; `reasons`
   is what its [data-reasons] holds, written by the server.
   A changed phase redraws the box; a box without data-progress is no longer asked about. */
function watch(box) {
  const number = new Intl.NumberFormat(`${document.documentElement.lang}-US`);
  const bar = box.querySelector("progress");
  const sentence = box.querySelector("[data-sentence]");
  const reasons = box.querySelector("[data-reasons]");
  let told = "";
  let wait = 2000;
  let spoken = Date.now();

  function show(now) {
    bar.max = Math.max(now.total, 1);
    bar.value = now.done;
    sentence.textContent = now.sentence;
    all("[data-state]", box).forEach((cell) => {
      cell.textContent = number.format(now.states[cell.dataset.state] ?? 0);
    });
    if (reasons && now.reasons !== told) { reasons.innerHTML = told = now.reasons; }
    if (now.finished || Date.now() - spoken > 20000) { say(now.sentence); spoken = Date.now(); }
  }

  async function look() {
    if (!box.isConnected) return;
    try {
      const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
      if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) return;
      if (!answer.ok) throw new Error(answer.status);
      const now = await answer.json();
      show(now);
      if (now.phase !== box.dataset.phase) { await redraw(box); return; }
      if (now.finished) return;
      wait = 2000;
    } catch {
      wait = Math.min(wait * 2, 30000);
    }
    setTimeout(look, wait);
  }

  all("[data-without-script]", box).forEach((part) => part.remove());
  setTimeout(look, wait);
}

/* On a phone the second row scrolls: the section one is in comes into sight. */
function inSight(link) {
  const row = link.closest("ul");
  row.scrollLeft = link.offsetLeft - row.offsetLeft - (row.clientWidth - link.offsetWidth) / 2;
}

/* <form data-look="#limits">: a pause after writing asks the form's own address (do=look) how the
   text stands, and shows the answer. */
function looking(form) {
  const box = document.querySelector(form.dataset.look);
  let pause;

  async function look() {
    const typed = new URLSearchParams(new FormData(form));
    typed.set("do", "look");
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body: typed });
    if (!answer.ok) return;
    const sentence = (await answer.text()).trim();
    box.hidden = !sentence;
    if (sentence !== box.textContent.trim()) box.textContent = sentence;
  }

  form.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => look().catch(() => {}), 800);
  });
}

menus();
once();
dialogs();
all("[data-copy]").forEach(copying);
all("[data-share]").forEach(sharing);
all(".subnav [aria-current]").forEach(inSight);
all("[data-show]").forEach(showing);
all("[data-progress]").forEach(watch);
all("[data-look]").forEach(looking);
const notice = document.querySelector(".notices .notice");
if (notice) say(notice.textContent.trim());
