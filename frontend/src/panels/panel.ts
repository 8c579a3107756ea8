import type { FunctionComponent } from "preact";
import type { DetailedRun } from "../schema";
import type { View } from "../view";

export interface PanelProps {
  run: DetailedRun;
  view: View;
}

/** A part of the Run page. One file makes one, and index.ts lists it. */
export interface Panel {
  id: string;
  /** Beside the charts, among them, or under both. */
  place: "side" | "charts" | "details";
  Content: FunctionComponent<PanelProps>;
}
