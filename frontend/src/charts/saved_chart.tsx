// A chart as a file: what is drawn on the page with its title above, or its table.

import { render } from "preact";
import { csv } from "../csv";
import { FONT } from "./labels";
import type { Picture } from "./picture";
import { tableRows } from "./table_rows";

const HEAD = 44;
const MARGIN = 12;
/** Sharp on a fine screen and on paper. */
const PNG_SCALE = 2;

export interface Caption {
  title: string;
  /** Whose values they are, and what is to be known of them. */
  notes: readonly string[];
}

/** A document of its own: it refers to nothing outside of it, and the theme's colours are written into it. */
export function chartAsSvg(drawn: SVGSVGElement, caption: Caption): SVGSVGElement {
  const holder = document.createElement("div");
  const [width, height] = [drawn.width.baseVal.value, drawn.height.baseVal.value + HEAD];
  render(<Captioned {...caption} width={width} height={height} />, holder);
  const whole = holder.firstChild as SVGSVGElement;
  whole.lastChild?.appendChild(drawn.cloneNode(true));
  writeColors(whole);
  return whole;
}

function Captioned({ title, notes, width, height }: Caption & { width: number; height: number }) {
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} font-family={FONT}>
      <title>{title}</title>
      <rect width="100%" height="100%" fill="var(--card)" />
      <text x={MARGIN} y={18} fill="var(--text)" font-size={14} font-weight={600}>
        {title}
      </text>
      <text x={MARGIN} y={36} fill="var(--muted)" font-size={11}>
        {notes.join(" · ")}
      </text>
      <g transform={`translate(0 ${HEAD})`} />
    </svg>
  );
}

function writeColors(drawing: Element): void {
  const theme = getComputedStyle(document.documentElement);
  for (const part of drawing.querySelectorAll("*")) {
    for (const { name, value } of part.attributes) {
      const variable = /^var\((.+)\)$/.exec(value)?.[1];
      if (variable) part.setAttribute(name, theme.getPropertyValue(variable));
    }
  }
}

/** Characters that a name may have and a document must not. */
const NO_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

export async function svgFile(drawing: SVGSVGElement): Promise<Blob> {
  const text = new XMLSerializer().serializeToString(drawing).replace(NO_XML, "");
  return new Blob([text], { type: "image/svg+xml" });
}

export async function pngFile(drawing: SVGSVGElement): Promise<Blob> {
  const image = new Image();
  const address = URL.createObjectURL(await svgFile(drawing));
  try {
    image.src = address;
    await image.decode();
  } finally {
    URL.revokeObjectURL(address);
  }
  const canvas = document.createElement("canvas");
  canvas.width = drawing.width.baseVal.value * PNG_SCALE;
  canvas.height = drawing.height.baseVal.value * PNG_SCALE;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((file) => (file ? resolve(file) : reject()), "image/png"),
  );
}

/** The values as they were read, with all their digits. */
export function chartAsCsv(picture: Picture): string {
  const titles = [picture.axis, ...picture.lines.map(({ label }) => label)];
  const rows = tableRows(picture).map(({ position, rows }) => [
    position,
    ...picture.lines.map(({ values }, index) => values[rows[index] ?? -1]),
  ]);
  return csv([titles, ...rows]);
}
