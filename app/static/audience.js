/* Conditions that answer while people click and type: the form of [data-builder] is sent as it
   stands, and the server's own page is taken over in parts. Without scripts its buttons do it. */

const WAIT = 400;
const builder = document.querySelector("[data-builder]");
let timer = 0;
let asking;

function take(page, selector) {
  const fresh = page.querySelector(selector);
  if (fresh) document.querySelector(selector).replaceWith(document.adoptNode(fresh));
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
    const answer = await fetch(location.href, { method: "POST", body, signal: asking.signal });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch (error) {
    if (error.name === "AbortError") return null;
    throw error;
  }
}

async function count() {
  const page = await ask("look").catch(() => null);
  if (page) take(page, "[data-counted]");
}

async function change(button) {
  const [verb, path] = button.value.split(":");
  const page = await ask(button.value);
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
  change(button).catch(() => { button.form.submit(); });
});
count();
