// What of WCAG 2.2 AA can be measured on a page: names of controls, one main heading, unique ids, the contrast of texts and of the edges of inputs.
import type { Page } from "playwright-core";

/** The flaws found on the page as it stands, one line each. Runs inside the page, so it may use nothing from outside. */
export function audit(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const flaws: string[] = [];
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    type Colour = [number, number, number, number];

    function colour(text: string): Colour {
      if (!canvas) throw new Error("no canvas");
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = text;
      canvas.fillRect(0, 0, 1, 1);
      const [r = 0, g = 0, b = 0, a = 0] = canvas.getImageData(0, 0, 1, 1).data;
      return [r, g, b, a / 255];
    }
    const over = (top: Colour, below: Colour): Colour => {
      const mix = (index: 0 | 1 | 2) => top[index] * top[3] + below[index] * (1 - top[3]);
      return [mix(0), mix(1), mix(2), 1];
    };
    function backdrop(element: Element | null): Colour {
      if (!element) return [255, 255, 255, 1];
      const own = colour(getComputedStyle(element).backgroundColor);
      return own[3] === 1 ? own : over(own, backdrop(element.parentElement));
    }
    // WCAG 2.2, "relative luminance" and "contrast ratio"
    function luminance([r, g, b]: Colour): number {
      const linear = (value: number) =>
        value / 255 <= 0.04045 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4;
      return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    }
    function contrast(a: Colour, b: Colour): number {
      const [x, y] = [luminance(a), luminance(b)];
      return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
    }
    const seen = (element: Element) =>
      element.checkVisibility({ visibilityProperty: true }) && element.closest(".sr-only") === null;
    const told = (element: Element) =>
      `${element.tagName.toLowerCase()} "${(element.textContent ?? "").trim().slice(0, 40)}"`;

    for (const element of document.querySelectorAll("input, select, textarea, button, a[href]")) {
      if (!seen(element)) continue;
      const labels = "labels" in element ? [...((element.labels as NodeList | null) ?? [])] : [];
      const name = [
        element.getAttribute("aria-label"),
        element.textContent,
        ...labels.map((label) => label.textContent),
      ];
      const named = element.matches("input, select, textarea") ? [name[0], ...name.slice(2)] : name;
      if (!named.some((text) => text?.trim())) flaws.push(`no name: ${element.outerHTML.slice(0, 120)}`);
      // a stretched link takes clicks on all of its row
      const target = element.matches(".stretched") ? (element.closest("li, tr") ?? element) : element;
      const box = target.getBoundingClientRect();
      const inline = getComputedStyle(element).display === "inline";
      if (!inline && element.matches("button, a, select, input:not([type=checkbox])") && box.height < 24)
        flaws.push(`target lower than 24 px: ${told(element)}`);
      if (element.matches("input:not([type=checkbox]), select, textarea")) {
        const edge = contrast(colour(getComputedStyle(element).borderTopColor), backdrop(element.parentElement));
        if (edge < 3) flaws.push(`edge ${edge.toFixed(2)}: ${element.outerHTML.slice(0, 80)}`);
      }
    }
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const element = node.parentElement;
      if (!element || !node.textContent?.trim() || !seen(element) || element.closest("noscript, option")) continue;
      const style = getComputedStyle(element);
      const behind = backdrop(element);
      const size = Number.parseFloat(style.fontSize);
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      const ratio = contrast(over(colour(style.color), behind), behind);
      if (ratio < (large ? 3 : 4.5)) flaws.push(`contrast ${ratio.toFixed(2)}: ${told(element)}`);
    }
    const headings = [...document.querySelectorAll("h1")].filter(seen).length;
    if (headings !== 1) flaws.push(`${headings} main headings`);
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) flaws.push(`id twice: ${id}`);
    for (const element of document.querySelectorAll("[aria-describedby], [aria-labelledby]"))
      for (const name of ["aria-describedby", "aria-labelledby"])
        for (const id of element.getAttribute(name)?.split(" ") ?? [])
          if (!ids.includes(id)) flaws.push(`${name} names ${id}, which is not there`);
    if (document.documentElement.scrollWidth > innerWidth)
      flaws.push(`wider than the screen: ${document.documentElement.scrollWidth}`);
    return flaws;
  });
}
