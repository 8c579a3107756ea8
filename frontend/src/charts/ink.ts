/** The present value of a colour of style.css. */
export function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);
}

/** CSS pixels as pixels of a canvas. */
export function px(length: number): number {
  return length * window.devicePixelRatio;
}

export function font(scale = 1): string {
  return `${11 * scale}px Roboto, system-ui, sans-serif`;
}
