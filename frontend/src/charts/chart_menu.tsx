import { save, TEXT } from "../components/download";
import { Menu } from "../components/menu";
import type { Picture } from "./picture";
import { type Caption, chartAsCsv, chartAsSvg, pngFile, svgFile } from "./saved_chart";

interface Props {
  /** The files' name without its ending. */
  name: string;
  caption: Caption;
  picture: Picture;
  /** The chart as the page shows it; null while it shows the table. */
  drawn: () => SVGSVGElement | null | undefined;
}

/** Saves a chart as a figure or as its values. */
export function ChartMenu({ name, caption, picture, drawn }: Props) {
  const saveFigure = async (ending: string, fileOf: (figure: SVGSVGElement) => Promise<Blob>) => {
    const shown = drawn();
    if (shown) save(`${name}.${ending}`, await fileOf(chartAsSvg(shown, caption)));
  };
  const saveCsv = () => save(`${name}.csv`, new Blob([chartAsCsv(picture)], { type: TEXT }));
  const kinds: [string, () => void][] = [
    ["SVG", () => saveFigure("svg", svgFile)],
    ["PNG (2x)", () => saveFigure("png", pngFile)],
    ["CSV", saveCsv],
  ];
  return (
    <Menu label="Export" class="chart-menu">
      {kinds.map(([kind, saveIt]) => (
        <button key={kind} type="button" class="quiet" onClick={saveIt}>
          {kind}
        </button>
      ))}
    </Menu>
  );
}
