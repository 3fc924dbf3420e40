/* The door's list on a phone: draws it, keeps what is tapped, and sends it when there is a network.
   What this page knows is in localStorage until the server says that the door is shut. */

const box = document.getElementById("door");
const store = `door:${location.pathname}`;
const SHOWN = 30;
const AGAIN = 8000;
const LIST_AGAIN = 120000;

const shut = document.querySelector("[data-door-shut]");
if (box) start(); else if (shut) lastWords(shut.dataset.said).finally(forget);

function forget() {
  localStorage.removeItem(store);
  globalThis.caches?.delete("door");
}

/* What was tapped without a network and not sent before the door was shut. */
async function lastWords(url) {
  const queue = JSON.parse(localStorage.getItem(store) ?? "{}").queue ?? [];
  if (queue.length) await post(url, queue, null);
}

async function ask(url, options) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(10000), ...options });
  if (answer.status === 410 || answer.status === 404) return { done: [], shut: true };
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

function post(url, queue, since) {
  const said = queue.slice(0, 500).map(({ at, ...one }) => (
    { ...one, ago: Math.max(0, (Date.now() - at) / 1000) }));
  return ask(url, {
    method: "POST", body: JSON.stringify({ said, since }), headers: { "Content-Type": "application/json" },
  });
}

function start() {
  const kept = JSON.parse(localStorage.getItem(store) ?? "null");
  const state = kept ?? { guests: null, here: {}, walkIns: {}, queue: [], since: null, expected: 0 };
  const part = (name) => box.querySelector(`[data-${name}]`);
  const search = box.querySelector("#q");
  let busy = false;
  let again = false;
  let timer = null;
  let listed = 0;

  const save = () => localStorage.setItem(store, JSON.stringify(state));
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const folded = (text) => text.normalize("NFKD").replace(/\p{Mn}/gu, "").toLocaleLowerCase().trim();
  const number = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

  /* Saying and sending */
  function say(key, people, walkIn = {}) {
    const one = { key, people, ...walkIn };
    state.queue.push({ id: number(), at: Date.now(), ...one });
    know(one);
    save();
    draw();
    send();
  }

  function know({ key, people, name, no_photo }) {
    if (/^s\d+$/.test(key)) state.here[key] = people;
    else state.walkIns[key] = { people, name: name || state.walkIns[key]?.name || "", no_photo };
  }

  async function send() {
    if (busy) { again = true; return; }
    busy = true;
    again = false;
    clearTimeout(timer);
    let wait = AGAIN;
    try {
      const answer = await post(box.dataset.said, state.queue, state.since);
      if (answer.shut) { location.reload(); return; }
      take(answer);
      if (state.queue.length && answer.done.length) wait = 0;
      if (Date.now() - listed > LIST_AGAIN) await list();
      network(true);
    } catch {
      network(false);
    } finally {
      busy = false;
      timer = setTimeout(send, again ? 0 : wait);
    }
  }

  async function list() {
    const answer = await ask(box.dataset.list);
    if (answer.shut) return;
    state.guests = answer.guests;
    listed = Date.now();
    take({ done: [], ...answer });
  }

  function take({ done, changes, expected, now }) {
    const sent = new Set(done);
    state.queue = state.queue.filter((one) => !sent.has(one.id));
    const waiting = new Set(state.queue.map((one) => one.key));
    changes.filter((one) => !waiting.has(one.key)).forEach(know);
    state.expected = expected;
    state.since = now;
    save();
    draw();
  }

  /* Drawing */
  function here() {
    const parties = Object.values(state.here).reduce((sum, one) => sum + one, 0);
    return Object.values(state.walkIns).reduce((sum, one) => sum + one.people, parties);
  }

  function matching(typed) {
    const wanted = folded(typed);
    const code = typed.toUpperCase().replace(/[\s-]/g, "").replace(/I/g, "8").replace(/O/g, "9");
    if (!wanted) return state.guests.filter((one) => one.name);
    const fits = (name) => [name, ...name.split(" ")].some((each) => folded(each).startsWith(wanted));
    return state.guests.filter((one) => one.code === code || (one.name && [one.name, ...(one.others ?? [])].some(fits)));
  }

  function row(guest) {
    const made = part("row").content.firstElementChild.cloneNode(true);
    const get = (name) => made.querySelector(`[data-${name}]`);
    const inside = state.here[guest.key] ?? 0;
    made.dataset.key = guest.key;
    if (guest.name) get("name").textContent = guest.name;
    get("code").textContent = guest.code;
    get("others").hidden = !guest.others?.length;
    get("others").textContent = fill(box.dataset.with, { names: guest.others?.join(", ") });
    get("no-photo").hidden = !guest.no_photo;
    get("waits").hidden = !guest.waits;
    get("from-afar").hidden = !guest.online;
    get("here").hidden = !inside;
    get("here-number").textContent = inside;
    get("in").hidden = inside >= guest.seats;
    get("out").hidden = !inside;
    get("party").hidden = guest.seats === 1 || inside >= guest.seats;
    get("party").firstElementChild.value = guest.seats;
    made.querySelectorAll("button .sr").forEach((words) => { words.textContent = `: ${guest.name || guest.code}`; });
    return made;
  }

  function walkInRow([key, { name, people, no_photo }]) {
    const made = part("walk-in-row").content.firstElementChild.cloneNode(true);
    made.dataset.key = key;
    if (name) made.querySelector("[data-name]").textContent = name;
    made.querySelector("[data-no-photo]").hidden = !no_photo;
    made.querySelector("[data-here-number]").textContent = people;
    made.querySelector("button .sr").textContent = `: ${name}`;
    return made;
  }

  function draw() {
    if (!state.guests) return;
    const held = document.activeElement?.closest("[data-key]")?.dataset.key;
    const found = matching(search.value);
    const none = Object.assign(document.createElement("li"), { className: "to-do soft", textContent: box.dataset.none });
    part("guests").replaceChildren(...(found.length ? found.slice(0, SHOWN).map(row) : [none]));
    part("more-line").textContent = found.length > SHOWN ? fill(box.dataset.more, { n: found.length - SHOWN }) : "";
    const came = Object.entries(state.walkIns).filter(([, one]) => one.people > 0);
    part("walk-ins").replaceChildren(...came.map(walkInRow));
    part("count-line").textContent = fill(box.dataset.count, { here: here(), expected: state.expected });
    if (held) box.querySelector(`[data-key="${CSS.escape(held)}"] button:not([hidden])`)?.focus();
    waiting();
  }

  let connected = true;
  function network(works) { connected = works; waiting(); }
  function waiting() {
    const sign = part("network");
    const left = state.queue.length ? ` ${fill(box.dataset.kept, { n: state.queue.length })}` : "";
    sign.hidden = false;
    sign.className = `tag ${connected ? "ok" : "due"}`;
    sign.textContent = (connected ? box.dataset.online : box.dataset.offline) + left;
  }

  /* Hands */
  box.addEventListener("submit", (event) => {
    const form = event.target;
    if (!state.guests) return;
    event.preventDefault();
    event.stopPropagation();
    const key = form.closest("[data-key]")?.dataset.key;
    if (form.matches("[data-search]")) { draw(); return; }
    if (form.matches("[data-walk-in]")) {
      const [name, noPhoto] = ["name", "no_photo"].map((each) => form.elements.namedItem(each));
      say(number(), Math.min(30, Math.max(1, Number(form.people.value) || 1)), { name: name.value.trim(), no_photo: noPhoto.checked });
      form.reset();
      return;
    }
    if (event.submitter?.matches("[data-out]")) { say(key, 0); return; }
    say(key, Math.min(30, Math.max(1, Number(form.querySelector("[name=people]").value) || 1)));
  }, true);
  search.addEventListener("input", draw);
  search.form.addEventListener("submit", () => search.select());

  /* Codes, where the phone can read them */
  async function scan() {
    const video = part("video");
    if (!video.hidden) { stop(); return; }
    const detector = new globalThis.BarcodeDetector({ formats: ["qr_code"] });
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.hidden = false;
    await video.play();
    const look = async () => {
      if (video.hidden) return;
      const [code] = await detector.detect(video).catch(() => []);
      if (code && read(code.rawValue)) { stop(); return; }
      setTimeout(look, 200);
    };
    look();
  }

  function stop() {
    const video = part("video");
    video.srcObject?.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
    video.hidden = true;
  }

  function read(code) {
    const guest = state.guests.find((one) => one.code === code.trim().toUpperCase());
    search.value = code.trim().slice(0, 20);
    if (guest && !state.here[guest.key]) say(guest.key, guest.seats); else draw();
    navigator.vibrate?.(80);
    return guest;
  }

  const button = part("scan");
  button.hidden = !("BarcodeDetector" in globalThis && navigator.mediaDevices);
  button.addEventListener("click", () => scan().catch(stop));

  /* The page itself, for opening it again without a network */
  async function keep() {
    if (!navigator.serviceWorker) return;
    await navigator.serviceWorker.register(box.dataset.worker);
    const assets = [...document.querySelectorAll("link[rel=stylesheet], script[src]")].map((one) => one.href ?? one.src);
    const cache = await caches.open("door");
    await cache.addAll([location.pathname, ...assets]);
  }

  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  if (Date.now() > Number(box.dataset.until)) state.guests = null;
  draw();
  send();
  keep().catch(() => {});
}
