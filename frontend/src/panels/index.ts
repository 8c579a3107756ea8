// The panels of the Run page, in their order. To add one, write its file and list it here.

import { config } from "./config";
import { files } from "./files";
import { findings } from "./findings";
import { losses } from "./losses";
import { metrics } from "./metrics";
import type { Panel } from "./panel";
import { statistics } from "./statistics";

export const PANELS: readonly Panel[] = [findings, losses, metrics, statistics, config, files];
