import { useEffect, useRef } from "preact/hooks";
import { Boundary } from "../components/boundary";
import { evidenceOf } from "../panels/evidence";
import type { Panel, PanelProps } from "../panels/panel";
import { tabOf } from "../panels/tabs";
import { place } from "../place";
import { shownFinding } from "../view";
import { NotThere } from "./run_states";

const PLACES: readonly Panel["place"][] = ["side", "charts", "details"];

/** The panels of the chosen tab; while a finding is shown, all but its evidence steps back. */
export function Panels(props: PanelProps) {
  const { id, title, panels } = tabOf(place.value.tab);
  const shown = shownFinding(props.run, props.view);
  const evidence = shown ? evidenceOf(shown.rule) : null;
  const stands = evidence?.tab === id ? evidence.panel : null;
  const box = useBroughtUp(stands);
  return (
    <div
      class={`panels ${id}${stands ? " showing" : ""}`}
      role="tabpanel"
      id="tab-panel"
      aria-label={title}
      ref={box}
    >
      {PLACES.map((where) => {
        const here = panels.filter((panel) => panel.place === where);
        return (
          here.length > 0 && (
            <div class={`place-${where}`} key={where}>
              {here.map((panel) => (
                <Guarded key={panel.id} panel={panel} evidence={panel.id === stands} {...props} />
              ))}
            </div>
          )
        );
      })}
      <NotThere run={props.run} tab={id} />
    </div>
  );
}

/** Scrolls to the panel with the evidence; where its button is gone with the old tab, the focus goes there too. */
function useBroughtUp(panel: string | null) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const brought = panel && box.current?.querySelector<HTMLElement>(`[data-panel="${panel}"]`);
    if (!brought) return;
    brought.scrollIntoView({ block: "nearest" });
    if (document.activeElement === document.body) brought.focus({ preventScroll: true });
  }, [panel]);
  return box;
}

interface GuardedProps extends PanelProps {
  panel: Panel;
  evidence: boolean;
}

function Guarded({ panel, evidence, ...props }: GuardedProps) {
  return (
    <div
      class={`panel of-${panel.id}${evidence ? " evidence" : ""}`}
      data-panel={panel.id}
      tabIndex={-1}
    >
      <Boundary what={`The panel "${panel.id}"`}>
        <panel.Content {...props} />
      </Boundary>
    </div>
  );
}
