// The tabs of the Run page and the panels of each, in their order. To add a panel, write its file and list it here.

import { checks } from "./checks";
import { classes } from "./classes";
import { command } from "./command";
import { config } from "./config";
import { confusion } from "./confusion";
import { course } from "./course";
import { data } from "./data";
import { epochsTable } from "./epochs_table";
import { files } from "./files";
import { findings } from "./findings";
import { learningRate } from "./learning_rate";
import { lineage } from "./lineage";
import { lossParts } from "./loss_parts";
import { lossSizes } from "./loss_sizes";
import { losses } from "./losses";
import { machine } from "./machine";
import { metrics } from "./metrics";
import { origin } from "./origin";
import { nextSteps } from "./overview_next";
import { thresholdLine } from "./overview_threshold";
import type { Panel } from "./panel";
import { phases } from "./phases";
import { pictures } from "./pictures";
import { questions } from "./questions";
import { settingsLines } from "./settings_lines";
import { speed } from "./speed";
import { statistics } from "./statistics";
import { threshold } from "./threshold";

export interface Tab {
  /** As the address names it. */
  id: string;
  title: string;
  panels: readonly Panel[];
}

const OVERVIEW: Tab = {
  id: "overview",
  title: "Overview",
  panels: [nextSteps, findings, thresholdLine, statistics, questions, losses, metrics],
};

const LOSSES = [course, lossSizes, losses, lossParts, metrics, phases, statistics, epochsTable];

export const TABS: readonly Tab[] = [
  OVERVIEW,
  { id: "losses", title: "Losses", panels: LOSSES },
  { id: "threshold", title: "Threshold", panels: [threshold] },
  { id: "classes", title: "Classes", panels: [classes, data] },
  { id: "confusion", title: "Confusion", panels: [confusion] },
  { id: "images", title: "Images", panels: [pictures] },
  { id: "speed", title: "LR & speed", panels: [learningRate, speed, machine] },
  {
    id: "config",
    title: "Config",
    panels: [command, config, checks, lineage, origin, settingsLines],
  },
  { id: "files", title: "Files", panels: [files] },
];

/** The tab that the address names; an unknown one is the first. */
export function tabOf(id: string | undefined): Tab {
  return TABS.find((tab) => tab.id === id) ?? OVERVIEW;
}
