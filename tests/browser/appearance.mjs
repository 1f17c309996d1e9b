// Functions that run in a page and measure its appearance.

/** Runs in the page: finds texts with a contrast below 4.5 to 1 (WCAG 2.2, 1.4.3). */
export function lowContrastTexts() {
  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = (color) => {
    const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = channels(color).map((c) => linear(c / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const backgroundOf = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    return channels(color)[3] === 0 && element.parentElement ? backgroundOf(element.parentElement) : color;
  };
  const found = [];
  for (const element of document.querySelectorAll('body *')) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!hasText || !element.checkVisibility()) continue;
    const [low, high] = [luminance(getComputedStyle(element).color), luminance(backgroundOf(element))].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) found.push(`${element.className} "${element.textContent.trim()}": ${ratio.toFixed(2)}`);
  }
  return found;
}

/** Runs in the page: finds elements that extend beyond its right edge. */
export function overflowingElements() {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const beyond = [...document.querySelectorAll('body *')].filter(
    (element) => element.getBoundingClientRect().right + scrollX > clientWidth,
  );
  return [`${scrollWidth} > ${clientWidth}`, ...beyond.map((element) => `${element.localName}.${element.className}`)];
}

/** Runs in the page: finds controls without an accessible name. */
export function unnamedControls() {
  const content = (control) => (control.localName === 'button' ? control.textContent : '');
  const named = (control) => control.labels?.length || control.getAttribute('aria-label') || content(control);
  return [...document.querySelectorAll('input, textarea, select, button')]
    .filter((control) => !named(control))
    .map((control) => control.outerHTML);
}
