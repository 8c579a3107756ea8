import { reportPath } from "../api";
import { embedded } from "../embedded";
import { Menu } from "./menu";

const FORMATS = {
  md: "Markdown",
  html: "HTML, one file",
  tex: "LaTeX",
  csv: "CSV",
  json: "JSON",
};

/** What reports there are beside the one on everything, by the number of runs that they are about. */
const KINDS: { kind: string; title: string; fits: (runs: number) => boolean }[] = [
  { kind: "run", title: "Report", fits: () => true },
  { kind: "paper", title: "Paper pack", fits: (runs) => runs !== 1 },
  { kind: "reproduction", title: "How to train again", fits: (runs) => runs === 1 },
];

/** Files about these runs, all of the logdir where none is named; in such a file: by what it was made. */
export function ReportMenu({ runs = [] }: { runs?: readonly string[] }) {
  if (embedded)
    return <p class="muted report-made">{[embedded.made, ...embedded.left_out].join(" ")}</p>;
  return (
    <Menu label="Report">
      <div class="report-kinds">
        {KINDS.filter(({ fits }) => fits(runs.length)).map(({ kind, title }) => (
          <section key={kind} aria-label={title}>
            <b>{title}</b>
            {Object.entries(FORMATS).map(([format, name]) => (
              <a key={format} href={reportPath(runs, kind, format)} download>
                {name}
              </a>
            ))}
          </section>
        ))}
      </div>
    </Menu>
  );
}
