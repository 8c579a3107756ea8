import type { FunctionComponent } from "preact";
import type { DetailedRun } from "../schema";
import type { View } from "../view";

export interface PanelProps {
  run: DetailedRun;
  view: View;
}

/** A part of a tab of the Run page. One file makes one, and tabs.ts says where it stands. */
export interface Panel {
  id: string;
  /** Beside the charts, among them, or under both. */
  place: "side" | "charts" | "details";
  Content: FunctionComponent<PanelProps>;
}
