// The panels of the Run page, in their order. To add one, write its file and list it here.

import { classes } from "./classes";
import { config } from "./config";
import { confusion } from "./confusion";
import { data } from "./data";
import { files } from "./files";
import { findings } from "./findings";
import { losses } from "./losses";
import { machine } from "./machine";
import { metrics } from "./metrics";
import { origin } from "./origin";
import type { Panel } from "./panel";
import { pictures } from "./pictures";
import { questions } from "./questions";
import { statistics } from "./statistics";
import { threshold } from "./threshold";

export const PANELS: readonly Panel[] = [
  findings,
  questions,
  losses,
  metrics,
  threshold,
  confusion,
  classes,
  machine,
  statistics,
  pictures,
  data,
  origin,
  config,
  files,
];
