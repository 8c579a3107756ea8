import { Card } from "../components/card";
import { Nothing } from "../components/nothing";
import type { DetailedRun, Picture, PictureSection } from "../schema";
import { Iterations } from "./images_iterations";
import { Missing } from "./images_missing";
import { type PictureSet, setsOf } from "./images_sets";
import { Thumb } from "./images_thumb";
import { Viewer } from "./images_viewer";
import { Worst } from "./images_worst";
import type { Panel, PanelProps } from "./panel";

export const pictures: Panel = { id: "pictures", place: "details", Content: Pictures };

function Pictures({ run }: PanelProps) {
  const { sections, missing } = run.gallery;
  return (
    <div class="galleries wide">
      {sections.map((section) => (
        <Section key={section.role} run={run} section={section} />
      ))}
      {sections.length + missing.length === 0 && (
        <Nothing id="pictures" title="Images" why="No pictures lie in this run's folder." />
      )}
      <Missing missing={missing} />
      <Viewer run={run} />
    </div>
  );
}

function Section({ run, section }: { run: DetailedRun; section: PictureSection }) {
  const own = run.pictures.filter(({ role }) => role === section.role);
  return (
    <Card id={`pictures-${section.role}`} title={section.title} note={own.length} kind="pictures">
      <p class="muted">{section.note}</p>
      <Content run={run} role={section.role} own={own} />
    </Card>
  );
}

interface ContentProps {
  run: DetailedRun;
  role: string;
  own: readonly Picture[];
}

function Content({ run, role, own }: ContentProps) {
  if (role === "worst") return <Worst run={run} pictures={own} />;
  const sets = setsOf(own);
  if (role === "visualization") {
    return sets.map((set) => <Iterations key={set[0]?.same} run={run} set={set} />);
  }
  return <Thumbs run={run} sets={sets} />;
}

function Thumbs({ run, sets }: { run: DetailedRun; sets: readonly PictureSet[] }) {
  return (
    <ul class="thumbs">
      {sets.map((set) => (
        <Thumb key={set[0]?.id} run={run} set={set} />
      ))}
    </ul>
  );
}
