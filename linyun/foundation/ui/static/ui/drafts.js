// Forms: nothing typed is lost, nothing is sent twice. A draft lives in this browser only, under the person's own key.

const words = JSON.parse(document.body.dataset.words || "{}");
const WHO = document.body.dataset.who || "";
const PREFIX = "draft:";
const KEEP_MS = 7 * 24 * 3600 * 1000;
const NEVER = ["password", "file", "hidden", "submit", "button", "image", "reset"];

function uuid7() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let ms = Date.now();
  for (let i = 5; i >= 0; i -= 1) { bytes[i] = ms % 256; ms = Math.floor(ms / 256); }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function store() {
  try { return window.localStorage; } catch { return null; }
}

function drafts() {
  const box = store();
  return box ? Object.keys(box).filter((name) => name.startsWith(PREFIX)) : [];
}

function read(name) {
  try { return JSON.parse(store().getItem(name)); } catch { return null; }
}

function forget(test) {
  for (const name of drafts()) if (test(name, read(name))) store().removeItem(name);
}

function nameOf(form) {
  return `${PREFIX}${WHO}:${location.pathname}#${form.dataset.draft}`;
}

function keyField(form) {
  return form.querySelector('input[name="client_key"]');
}

function kept(field) {
  return field.name && !NEVER.includes(field.type) && !field.closest("[data-no-draft]");
}

function values(form) {
  const out = {};
  for (const field of form.elements) {
    if (!kept(field)) continue;
    const list = (out[field.name] = out[field.name] || []);
    if (field.type === "checkbox" || field.type === "radio") { if (field.checked) list.push(field.value); }
    else if (field.type === "select-multiple") list.push(...[...field.selectedOptions].map((o) => o.value));
    else list.push(field.value);
  }
  return out;
}

function save(form) {
  const key = keyField(form);
  const draft = { at: Date.now(), key: key ? key.value : "", values: values(form) };
  try { store().setItem(nameOf(form), JSON.stringify(draft)); } catch { /* storage full or forbidden: the page still works */ }
}

function fill(form, draft) {
  const rest = JSON.parse(JSON.stringify(draft));
  for (const field of form.elements) {
    if (!kept(field) || !rest[field.name]) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = rest[field.name].includes(field.value);
    else if (field.type === "select-multiple") for (const o of field.options) o.selected = rest[field.name].includes(o.value);
    else if (rest[field.name].length) field.value = rest[field.name].shift();
    const folded = field.closest("details:not([open])");
    if (folded && field.value !== field.defaultValue && field.type !== "checkbox" && field.type !== "radio") folded.open = true;
  }
}

function tellRestored(form) {
  const bar = document.createElement("p");
  bar.className = "banner small restored";
  bar.setAttribute("role", "status");
  const text = document.createElement("span");
  text.textContent = words.restored;
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "btn";
  drop.textContent = words.discard;
  drop.addEventListener("click", () => { store().removeItem(nameOf(form)); form.reset(); freshKey(form); bar.remove(); });
  bar.append(text, drop);
  form.prepend(bar);
}

function freshKey(form) {
  const key = keyField(form);
  if (key) key.value = uuid7();
}

function restore(form) {
  const draft = store() && read(nameOf(form));
  const posted = form.querySelector("[aria-invalid], .bad");
  if (!draft) { if (!posted) freshKey(form); return; }
  const before = JSON.stringify(values(form));
  if (before === JSON.stringify(draft.values)) { if (keyField(form) && draft.key) keyField(form).value = draft.key; return; }
  if (posted) { save(form); return; } // what the server sent back is newer
  fill(form, draft.values);
  if (keyField(form) && draft.key) keyField(form).value = draft.key;
  tellRestored(form);
}

// --- what the server has stored needs no draft: it names the client key in a cookie

function takeDone() {
  const found = document.cookie.split("; ").find((part) => part.startsWith("done="));
  if (!found) return;
  const key = found.slice(5);
  document.cookie = "done=; path=/; max-age=0";
  forget((_name, draft) => draft && draft.key === key);
  document.querySelectorAll("form[data-draft]").forEach((form) => {
    if (keyField(form) && keyField(form).value === key) freshKey(form);
  });
}

function start(scope) {
  scope.querySelectorAll("form[data-draft]").forEach((form) => {
    if (form.dataset.ready) return;
    form.dataset.ready = "1";
    restore(form);
  });
}

// --- one submission at a time

let gone = false; // signed out: nothing is kept any more

function busy(form, on) {
  if (on) form.dataset.busy = "1"; else delete form.dataset.busy;
  form.setAttribute("aria-busy", String(on));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.closest("dialog[open] form[method=dialog]")) return;
  if (form.dataset.busy) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  if (!navigator.onLine && form.matches("[data-draft]")) {
    event.preventDefault();
    event.stopImmediatePropagation();
    save(form);
    document.dispatchEvent(new CustomEvent("linyun:say", { detail: { text: words.offline, kind: "warn" } }));
    return;
  }
  if (form.matches("[data-draft]")) save(form);
  if (form.matches("[data-leave]")) { gone = true; forget(() => true); }
  if (event.defaultPrevented) return;
  busy(form, true);
  setTimeout(() => busy(form, false), form.matches("[data-bulk]") ? 3000 : 20000); // a bulk action may answer with a file
}, true);

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form || !form.matches("[data-draft]")) return;
  clearTimeout(form.draftTimer);
  form.draftTimer = setTimeout(() => save(form), 400);
});
addEventListener("pagehide", () => gone || document.querySelectorAll("form[data-draft]").forEach((form) => {
  if (form.draftTimer && !form.dataset.busy) save(form);
}));
addEventListener("pageshow", () => {
  takeDone();
  document.querySelectorAll("form[data-busy]").forEach((form) => busy(form, false));
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest && event.target.closest("form");
  if (form) busy(form, false);
  takeDone();
});
document.addEventListener("htmx:load", (event) => start(event.target.parentElement || document));

forget((name, draft) => !draft || Date.now() - draft.at > KEEP_MS || (WHO && !name.startsWith(`${PREFIX}${WHO}:`)));
takeDone();
start(document);
