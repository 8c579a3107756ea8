// A picture as SVG. Its looks are attributes rather than classes, so that a saved chart looks like
// the one on the page; colours are variables of the theme.

import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { FONT, FONT_SIZE } from "./labels";
import type { Layout } from "./layout";
import { boxPath } from "./paths";
import type { Picture } from "./picture";
import { PlotAxes } from "./plot_axes";
import { Bands, Gap, PlotLine } from "./plot_lines";
import { EndLabels, Marks, Spotlight, TopLabels } from "./plot_notes";

interface Props {
  picture: Picture;
  layout: Layout;
  /** Steps between what is written along the axes; chosen to fit where not given. */
  steps?: { x: number; y: number };
  /** What moves over the drawing. */
  children?: ComponentChildren;
  /** Names lines where they end. */
  endLabels?: boolean;
}

export function Plot({ picture, layout, steps, children, endLabels = true }: Props) {
  const clip = useId();
  const { width, height, left, top, right, bottom } = layout;
  const frame = { picture, layout };
  return (
    <svg
      class="drawing"
      aria-hidden="true"
      width={width}
      height={height}
      font-family={FONT}
      font-size={FONT_SIZE}
      fill="none"
      stroke-linejoin="round"
    >
      <clipPath id={clip}>
        <path d={boxPath([left - 4, right + 4], [top - 1, bottom + 4])} />
      </clipPath>
      <PlotAxes {...frame} steps={steps} />
      <Bands {...frame} />
      <g clip-path={`url(#${clip})`}>
        {picture.gap && <Gap {...frame} />}
        {picture.lines.map((line) => (
          <PlotLine key={line.label} line={line} {...frame} />
        ))}
      </g>
      <Spotlight {...frame} />
      <Marks {...frame} />
      <TopLabels {...frame} />
      {endLabels && <EndLabels {...frame} />}
      {children}
    </svg>
  );
}
