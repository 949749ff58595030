/* Small helpers of every page. Pages work without them; nothing here holds a rule.
   Theme, dialogs, keyboard, double-submit guard, toasts, htmx errors. */
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const root = document.documentElement;
  const COOKIE = "tongchou_theme";

  // Look: at once here, and kept in a cookie so that the server draws the next page right.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-theme-form]")) return;
    const chosen = event.submitter && event.submitter.value;
    if (!chosen) return;
    event.preventDefault();
    root.dataset.theme = chosen;
    document.cookie = `${COOKIE}=${chosen}; path=/; max-age=31536000; samesite=lax`;
    for (const button of event.target.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === chosen));
    }
    document.dispatchEvent(new CustomEvent("shell:theme"));
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    document.dispatchEvent(new CustomEvent("shell:theme"));
  });

  // Dialogs: <button data-opens="id">, <button data-closes>. A click beside one closes it.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      const dialog = $(opener.dataset.opens);
      if (dialog) {
        for (const open of document.querySelectorAll("[popover]:popover-open")) open.hidePopover();
        dialog.showModal();
      }
      return;
    }
    const closer = event.target.closest("[data-closes]");
    if (closer) closer.closest("dialog").close();
    if (event.target.matches("dialog[open]")) {
      const box = event.target.getBoundingClientRect();
      const inside = event.clientX >= box.left && event.clientX <= box.right
        && event.clientY >= box.top && event.clientY <= box.bottom;
      if (!inside && event.clientX + event.clientY > 0) event.target.close();
    }
    for (const drop of document.querySelectorAll("details.drop[open]")) {
      if (!drop.contains(event.target)) drop.open = false;
    }
  });

  // Sent once: a second click while the first is under way does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    if (event.submitter) event.submitter.classList.add("is-busy");
    // A download leaves the page in place, and so does the back button.
    if ("download" in form.dataset) setTimeout(() => release(form), 3000);
  });
  const release = (form) => {
    delete form.dataset.sent;
    for (const busy of form.querySelectorAll(".is-busy")) busy.classList.remove("is-busy");
  };
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest && event.target.closest("form");
    if (form) release(form);
  });

  // Toasts: from the server by `HX-Trigger: {"toast": {"text", "tone", "undo", "undo_label"}}`.
  const toast = ({ text, tone = "ok", undo = "", undo_label = "" }) => {
    const box = $("toasts");
    if (!box) return null;
    const item = document.createElement("div");
    item.className = `toast is-${tone}`;
    const words = document.createElement("p");
    words.textContent = text;
    item.append(words);
    if (undo) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = undo_label;
      button.setAttribute("hx-post", undo);
      button.setAttribute("hx-swap", "none");
      button.addEventListener("htmx:afterRequest", () => item.remove());
      item.append(button);
    }
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = box.dataset.close;
    close.addEventListener("click", () => item.remove());
    item.append(close);
    box.append(item);
    if (window.htmx) window.htmx.process(item);
    // An error stays until it is read; so does anything that can still be undone, for a while.
    if (tone !== "bad") setTimeout(() => item.remove(), undo ? 15000 : 6000);
    return item;
  };
  document.addEventListener("toast", (event) => toast(event.detail));
  window.shell = { toast };

  // htmx: an error says what it means, and a form that comes back with errors (422) is shown.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  document.addEventListener("htmx:responseError", (event) => {
    const box = $("toasts");
    const status = event.detail.xhr.status;
    if (box) toast({ text: status === 403 ? box.dataset.refused : box.dataset.failed, tone: "bad" });
  });
  let offline = null;  // what says that the server does not answer, until it does
  document.addEventListener("htmx:sendError", () => {
    const box = $("toasts");
    if (box && !offline) offline = toast({ text: box.dataset.offline, tone: "bad" });
  });
  document.addEventListener("htmx:afterOnLoad", () => {
    if (offline) offline.remove();
    offline = null;
  });
  // Polling rests while nobody looks, and while somebody fills something in or has it open there.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const box = event.target;
    const trigger = box.getAttribute && box.getAttribute("hx-trigger");
    if (!trigger || !trigger.includes("every") || event.detail.requestConfig.triggeringEvent) return;
    const busy = box.querySelector("details[open]") || box.contains(document.activeElement);
    if (document.hidden || busy) event.preventDefault();
  });

  // After a refused form the eye and the screen reader start at the summary.
  const focusErrors = () => { const box = document.querySelector("[data-focus]"); if (box) box.focus(); };
  document.addEventListener("DOMContentLoaded", focusErrors);
  document.addEventListener("htmx:afterSettle", (event) => {
    const box = event.target.querySelector && event.target.querySelector("[data-focus]");
    if (box) box.focus();
  });

  // On paper. The button is of no use without this script, and is not shown without it.
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
  document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) window.print(); });

  // Keyboard.
  const rows = () => [...document.querySelectorAll("[data-row], table.data tbody tr")]
    .filter((row) => row.checkVisibility({ contentVisibilityAuto: true }) && row.querySelector("a[href]"));
  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const here = all.findIndex((row) => row.classList.contains("is-here"));
    const next = all[Math.min(Math.max(here + step, 0), all.length - 1)];
    if (here >= 0) all[here].classList.remove("is-here");
    next.classList.add("is-here");
    (next.querySelector("a[data-open]") || next.querySelector("a[href]")).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };
  const go = (where) => { const url = $("links") && $("links").dataset[where]; if (url) location.href = url; };
  let pending = "";
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (document.querySelector("dialog[open]")) return;
    const key = event.key;
    if (pending === "g") {
      pending = "";
      if (key === "m") go("myTurn");
      if (key === "h") go("home");
      return;
    }
    if (key === "g") { pending = "g"; setTimeout(() => { pending = ""; }, 1200); return; }
    if (key === "?" && $("shortcuts")) { event.preventDefault(); $("shortcuts").showModal(); }
    if (key === "j") move(1);
    if (key === "k") move(-1);
    if (key === "/") {
      const box = document.querySelector("[data-key='/']");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    }
  });
})();
