// The shell's behaviour: toasts, questions, theme and print size, offline banner, keys. Pages work without it.

const root = document.documentElement;
const words = JSON.parse(document.body.dataset.words || "{}");
root.classList.add("js");

function keep(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
}

// --- toasts: said once, gone after a while; a danger stays until closed

function leaveSoon(toast) {
  if (toast.classList.contains("danger")) return closable(toast);
  setTimeout(() => toast.classList.add("gone"), 6000);
  setTimeout(() => toast.remove(), 6400);
}

function closable(toast) {
  if (toast.querySelector("button")) return;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = words.close;
  close.addEventListener("click", () => toast.remove());
  toast.append(close);
}

function say(text, kind = "ok") {
  const place = document.getElementById("toasts");
  if (!place || [...place.children].some((t) => t.firstElementChild.textContent === text)) return;
  const toast = document.createElement("div");
  toast.className = `toast ${kind}`;
  if (kind === "danger") toast.setAttribute("role", "alert");
  const line = document.createElement("span");
  line.textContent = text;
  toast.append(line);
  place.append(toast);
  leaveSoon(toast);
}

document.querySelectorAll("#toasts .toast").forEach(leaveSoon);
document.addEventListener("toast", (event) => say(event.detail.text, event.detail.kind));
document.addEventListener("linyun:say", (event) => say(event.detail.text, event.detail.kind));
document.addEventListener("htmx:sendError", () => say(words.unsent, "danger"));
document.addEventListener("htmx:timeout", () => say(words.unsent, "danger"));
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  say(status === 401 || status === 403 ? words.forbidden : words.refused, "danger");
});

// --- questions before acting: data-ask on a button, data-reason on a link, data-open for a dialog

function openDialog(dialog) {
  if (!dialog) return false;
  if (typeof dialog.showModal !== "function") return false;
  dialog.showModal();
  return true;
}

function askFirst(event, button) {
  const dialog = document.getElementById("ask");
  event.preventDefault();
  dialog.querySelector("#ask-text").textContent = button.dataset.ask || words.sure;
  const yes = dialog.querySelector("[data-yes]");
  yes.onclick = () => {
    dialog.close();
    button.dataset.asked = "1";
    button.click();
    delete button.dataset.asked;
  };
  openDialog(dialog);
}

function askWhy(event, link) {
  const dialog = document.getElementById("reason");
  const form = dialog && dialog.querySelector("[data-reason-form]");
  if (!form) return;
  form.action = link.getAttribute("href");
  form.querySelector("[data-what]").textContent = link.dataset.reason;
  if (openDialog(dialog)) event.preventDefault();
}

document.addEventListener("click", (event) => {
  const at = event.target.closest("[data-ask], [data-reason], [data-open], [data-close]");
  if (!at) return;
  if (at.dataset.close !== undefined) at.closest("dialog").close();
  else if (at.dataset.open) { if (openDialog(document.getElementById(at.dataset.open))) event.preventDefault(); }
  else if (at.dataset.reason) askWhy(event, at);
  else if (at.dataset.ask && !at.dataset.asked && document.getElementById("ask")) askFirst(event, at);
});

document.addEventListener("click", (event) => {
  // a click beside an open dialog, menu or hint closes it
  if (event.target.matches("dialog[open]")) {
    const box = event.target.getBoundingClientRect();
    const outside = event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
    if (outside) event.target.close();
  }
  document.querySelectorAll("details.post[open], details.tip[open], details.chooser[open]").forEach((open) => {
    if (!open.contains(event.target)) open.open = false;
  });
});

// --- theme and print size: at once here, by cookie for the server

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!form.matches("[data-look]") || !button || button.name !== "theme") return;
  event.preventDefault();
  const next = { auto: "dark", dark: "light", light: "auto" };
  const chosen = button.value;
  keep("theme", chosen);
  if (chosen === "auto") root.removeAttribute("data-theme");
  else root.setAttribute("data-theme", chosen);
  button.value = next[chosen];
  button.lastChild.textContent = { dark: words.light, light: words.auto, auto: words.dark }[chosen];
});

// --- offline banner

function showNet() {
  document.querySelectorAll("[data-offline]").forEach((banner) => {
    banner.hidden = navigator.onLine;
    banner.querySelector("span").textContent = words.offline;
  });
}
addEventListener("online", showNet);
addEventListener("offline", showNet);
showNet();

// --- files: names and sizes of what was chosen, too large ones refused before they are sent

document.addEventListener("change", (event) => {
  const drop = event.target.type === "file" && event.target.closest("[data-drop]");
  if (!drop) return;
  const limit = Number(drop.dataset.limit || 0);
  const list = drop.querySelector(".drop-list");
  const files = [...event.target.files];
  list.replaceChildren(...files.map((file) => {
    const line = document.createElement("li");
    const big = limit && file.size > limit;
    line.className = big ? "bad" : "";
    for (const text of [file.name, big ? `${words.toobig} ${drop.dataset.limitText}` : weigh(file.size)]) {
      const span = document.createElement("span");
      span.textContent = text;
      line.append(span);
    }
    return line;
  }));
  const tooBig = limit && files.some((file) => file.size > limit);
  event.target.setCustomValidity(tooBig ? `${words.toobig} ${drop.dataset.limitText}` : "");
});

function weigh(bytes) {
  return bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const drop = event.target.closest && event.target.closest("[data-drop]");
    if (drop) drop.classList.toggle("over", kind === "dragenter" || kind === "dragover");
  });
}

// --- keys: "/" finds, Escape closes hints; the first problem of a refused form is read

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.querySelectorAll("details.post[open], details.tip[open], details.chooser[open]").forEach((d) => { d.open = false; });
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const find = document.querySelector("[data-find]");
  if (find && find.offsetParent) { event.preventDefault(); find.focus(); find.select(); }
});
const refused = document.querySelector("[data-focus]")
  || document.querySelector('main [aria-invalid="true"], main .bad input:not([type="hidden"]), main .bad select, main .bad textarea');
if (refused) refused.focus();
