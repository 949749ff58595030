/* The check page without a signal: what is typed or pressed is kept on the phone until the server
   has it, shown as not sent, and sent again when the signal is back. The same answer sent twice
   changes nothing, so sending once too often does no harm. */
(() => {
  "use strict";
  const box = document.querySelector("[data-check]");
  if (!box) return;
  const place = `check:${box.dataset.check}:`;
  const key = (form) => place + form.dataset.item;
  const forms = () => [...box.querySelectorAll("form[data-item]")];
  const read = (form) => {
    try { return JSON.parse(localStorage.getItem(key(form)) || "null"); } catch { return null; }
  };
  const write = (form, draft) => {
    try {
      if (draft) localStorage.setItem(key(form), JSON.stringify(draft));
      else localStorage.removeItem(key(form));
    } catch { /* a phone without room keeps it in the page only */ }
    mark(form, draft);
  };
  const mark = (form, draft) => {
    const item = form.closest(".check-item");
    item.classList.toggle("is-unsent", Boolean(draft));
    let words = item.querySelector(".check-unsent");
    if (draft && draft.value && !words) {
      words = document.createElement("p");
      words.className = "check-unsent";
      words.setAttribute("role", "status");
      words.textContent = box.dataset.unsent;
      form.append(words);
    }
    if (words && !(draft && draft.value)) words.remove();
  };
  const note = (form) => form.elements.namedItem("note");

  box.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-item]");
    if (form) write(form, { ...(read(form) || {}), note: note(form).value });
  });
  // Before it leaves: from here on only the server's answer takes it off the phone.
  box.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest("form[data-item]");
    if (!form) return;
    const pressed = event.detail.requestConfig.formData.get("value")
      || event.detail.requestConfig.formData.get("current");
    if (pressed) write(form, { note: note(form).value, value: pressed });
  });
  // Before the answer takes the form's place: afterwards the form is no longer on the page.
  box.addEventListener("htmx:beforeSwap", (event) => {
    const form = event.detail.requestConfig.elt;
    if (!form || !form.dataset.item) return;
    const status = event.detail.xhr.status;
    // 422 brings the item back with what was typed and what stands instead: a person decides.
    if (status === 200 || status === 422) write(form, null);
  });

  const send = (form, draft) => {
    const button = form.querySelector(`button[value="${draft.value}"]`);
    if (button && !form.dataset.sent) button.click();
  };
  const sendAll = () => {
    if (!navigator.onLine) return;
    for (const form of forms()) {
      const draft = read(form);
      if (draft && draft.value) send(form, draft);
    }
  };
  const restore = () => {
    for (const form of forms()) {
      const draft = read(form);
      if (!draft) continue;
      const stands = form.elements.namedItem("current");
      if (stands && stands.value === draft.value && note(form).value === draft.note) {
        write(form, null);  // it arrived after all, only its receipt did not
        continue;
      }
      if (typeof draft.note === "string") note(form).value = draft.note;
      mark(form, draft);
    }
    // An inspection that is over leaves nothing behind on the phone.
    if (!forms().length) {
      Object.keys(localStorage).filter((name) => name.startsWith(place))
        .forEach((name) => localStorage.removeItem(name));
    }
  };
  addEventListener("online", sendAll);
  setInterval(sendAll, 20000);
  // After htmx, which listens for the same event: a button pressed earlier would leave the page.
  document.addEventListener("DOMContentLoaded", () => { restore(); sendAll(); });
})();
