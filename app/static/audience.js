/* Conditions that answer while people click and type: the form of [data-builder] is sent as it
   stands, and the server's own page is taken over in parts. Without scripts its buttons do it. */

const WAIT = 400;
const builder = document.querySelector("[data-builder]");
let timer = 0;
let asking;

function take(page, selector) {
  const fresh = page.querySelector(selector);
  const old = document.querySelector(selector);
  const held = old.contains(document.activeElement);
  if (fresh) old.replaceWith(document.adoptNode(fresh));
  if (fresh && held) { fresh.tabIndex = -1; fresh.focus(); }
  builder.querySelectorAll("[data-without-script]").forEach((part) => part.remove());
}

/* The server's page for the form with this button pressed; null if a newer question came. */
async function ask(act) {
  asking?.abort();
  asking = new AbortController();
  const sent = new FormData(builder);
  sent.set("do", act);
  const body = new URLSearchParams(sent);
  try {
    const answer = await fetch(builder.action, { method: "POST", body, signal: asking.signal });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch (error) {
    if (error.name === "AbortError") return null;
    throw error;
  }
}

/* Says in the place of the number, which is old by now, that there is none, and tries again. */
function failed(error, again) {
  const said = document.querySelector("[data-uncounted]").content.cloneNode(true);
  if (!["401", "403"].includes(error.message)) said.querySelector("[data-signed-out]").remove();
  said.querySelector("button").addEventListener("click", () => renew().catch(() => {}).then(again));
  document.querySelector("[data-counted]").replaceChildren(said);
}

/* Whoever signed in again has another token, without which nothing can be asked or saved. */
async function renew() {
  const answer = await fetch(builder.action);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-builder] [name=csrf_token]");
  if (!fresh) return;
  document.querySelectorAll("[name=csrf_token]").forEach((field) => { field.value = fresh.value; });
}

async function count() {
  const page = await ask("look").catch((error) => { failed(error, count); });
  if (page) take(page, "[data-counted]");
}

async function change(button) {
  const [verb, path] = button.value.split(":");
  const page = await ask(button.value).catch((error) => {
    failed(error, () => change(button));
    document.querySelector("[data-counted]").scrollIntoView({ block: "nearest" });
  });
  if (!page) return;
  take(page, "[data-parts]");
  take(page, "[data-counted]");
  const group = verb === "add" ? path : path.replace(/\.\d+$/, "");
  const parts = document.getElementById(`part-${group}`).querySelectorAll(":scope > fieldset");
  const last = verb === "add" ? parts[parts.length - 1] : null;
  (last ?? document.getElementById(`${group}-add`))?.querySelector?.("input:not([type=hidden]), select")?.focus();
  if (!last) document.getElementById(`${group}-add`)?.focus();
}

builder.addEventListener("input", (event) => {
  if (event.target.name.endsWith("-add") || event.target.name === "name") return;
  clearTimeout(timer);
  timer = setTimeout(count, WAIT);
});
builder.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || button.value === "save") return;
  event.preventDefault();
  clearTimeout(timer);
  change(button);
});
count();
