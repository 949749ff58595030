/* Draws charts from the JSON beside them with BokehJS, loaded once and only where a chart is seen.

   BokehJS writes its styles as <style> elements into shadow roots, which the content security
   policy refuses. While it runs, <style> is created as <tc-style>: an element that hands its text
   to its root as a constructed style sheet, which the policy allows. */
"use strict";
(() => {
  const script = document.currentScript;
  const root = document.documentElement;

  // Last in every shadow root: tooltips and menus take the colours of the page.
  const ours = new CSSStyleSheet();
  ours.replaceSync(`:host {
      --background-color: var(--raised); --color: var(--ink); --border-color: var(--line-2);
      --divider-color: var(--line-2); --icon-color: var(--ink-3); --hover-color: var(--sunken);
      --tooltip-arrow-color: var(--raised);
    }
    .bk-tooltip-row-label { color: var(--ink-3); }
    .bk-tooltip-row-value { color: var(--ink); font-weight: 600; }`);

  class Style extends HTMLElement {
    #sheet = new CSSStyleSheet();
    #text = "";
    #home = null;
    get textContent() { return this.#text; }
    set textContent(css) { this.#text = css; this.#sheet.replaceSync(css); }
    append(...parts) { this.textContent = this.#text + parts.join(""); }
    get sheet() { return this.#sheet; }
    connectedCallback() {
      this.hidden = true;
      this.#home = this.getRootNode();
      const others = this.#home.adoptedStyleSheets.filter((sheet) => sheet !== ours);
      const last = this.#home instanceof ShadowRoot ? [ours] : [];
      this.#home.adoptedStyleSheets = [...others, this.#sheet, ...last];
    }
    disconnectedCallback() {
      if (!this.#home) return;
      this.#home.adoptedStyleSheets = this.#home.adoptedStyleSheets.filter((s) => s !== this.#sheet);
      this.#home = null;
    }
  }
  customElements.define("tc-style", Style);
  const create = document.createElement.bind(document);
  document.createElement = (name, options) =>
    create(String(name).toLowerCase() === "style" ? "tc-style" : name, options);

  let loading = null;
  const load = () => {
    loading = loading || new Promise((resolve, reject) => {
      const tag = create("script");
      tag.src = script.dataset.bokeh;
      tag.onload = () => { window.Bokeh.set_log_level("error"); resolve(window.Bokeh); };
      tag.onerror = () => reject(new Error("BokehJS did not load"));
      document.head.append(tag);
    });
    return loading;
  };

  const isDark = () => root.dataset.theme === "dark"
    || (root.dataset.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);

  // The server paints in the light palette; each of its colours has a dark twin.
  const repaint = (value, twins) => {
    if (typeof value === "string") return twins[value] || value;
    if (Array.isArray(value)) return value.map((part) => repaint(part, twins));
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, repaint(v, twins)]));
    }
    return value;
  };

  // A legend does not wrap by itself: as many columns as the place is wide, rows for the rest.
  const fitLegends = (value, width) => {
    if (!value || typeof value !== "object") return;
    if (value.name === "Legend" && value.attributes && Array.isArray(value.attributes.items)) {
      const words = value.attributes.items.map((item) => {
        const label = item.attributes && item.attributes.label;
        return String((label && label.value) || label || "");
      });
      const pixels = (text) => 46 + [...text].reduce((sum, c) => sum + (c > "\u2e7f" ? 14 : 7.6), 0);
      const columns = Math.floor((width - 24) / Math.max(...words.map(pixels)));
      if (words.reduce((sum, text) => sum + pixels(text), 0) > width - 24) {
        value.attributes.ncols = Math.max(1, columns);
      }
    }
    for (const part of Object.values(value)) fitLegends(part, width);
  };

  // A name on a bar is cut to the bar: `share` is its part of the width, `full` all there is to say.
  const fitNames = (value, width) => {
    if (!value || typeof value !== "object") return;
    const known = value.attributes;
    if (value.name === "ColumnDataSource" && known && (known.tags || []).includes("fit")) {
      const columns = new Map(known.data.entries);
      columns.get("share").forEach((share, row) => {
        const full = [...columns.get("full")[row]];
        let room = share * (width - 110) - 12;
        const fits = full.filter((c) => (room -= c > "\u2e7f" ? 15 : 8.5) > 0).length;
        const text = fits < full.length ? `${full.slice(0, fits - 1).join("")}…` : full.join("");
        if (fits > columns.get("text")[row].length + 2) columns.get("text")[row] = text;
      });
      return;
    }
    for (const part of Object.values(value)) fitNames(part, width);
  };

  const drawn = new Map();
  const clear = (id) => {
    const views = drawn.get(id);
    if (views) for (const view of views.roots || []) view.remove();
    drawn.delete(id);
  };

  const draw = async (figure) => {
    const id = figure.dataset.chart;
    const place = document.getElementById(id);
    const source = document.getElementById(`${id}-item`);
    if (!place || !source) return;
    place.classList.add("is-loading");
    try {
      const Bokeh = await load();
      if (!place.isConnected) return;
      clear(id);
      place.replaceChildren();
      const data = JSON.parse(source.textContent);
      const item = isDark() ? repaint(data.item, data.dark) : data.item;
      fitLegends(item, place.clientWidth);
      fitNames(item, place.clientWidth);
      drawn.set(id, await Bokeh.embed.embed_item(item, id));
      figure.dataset.drawn = isDark() ? "dark" : "light";
    } catch (error) {
      figure.dataset.broken = "";
      const table = figure.querySelector("details");
      if (table) table.open = true;
      throw error;
    } finally {
      place.classList.remove("is-loading");
    }
  };

  // Only what comes near the screen is drawn; the rest waits.
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      watcher.unobserve(entry.target);
      draw(entry.target);
    }
  }, { rootMargin: "300px" });

  const scan = (within) => {
    const found = [...within.querySelectorAll("[data-chart]")];
    if (within.matches && within.matches("[data-chart]")) found.push(within);
    for (const figure of found) if (!figure.dataset.drawn) watcher.observe(figure);
  };
  const start = () => scan(document.body);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
  document.addEventListener("htmx:afterSettle", (event) => scan(event.target));
  document.addEventListener("htmx:beforeCleanupElement", (event) => {
    if (event.target.matches && event.target.matches("[data-chart]")) clear(event.target.dataset.chart);
  });
  document.addEventListener("shell:theme", () => {
    for (const figure of document.querySelectorAll("[data-chart][data-drawn]")) draw(figure);
  });
  addEventListener("beforeprint", () => {
    for (const figure of document.querySelectorAll("[data-chart]:not([data-drawn])")) draw(figure);
  });
})();
