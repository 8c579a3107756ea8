// Made from tensorboard_runlens/schema/ by tools/generate.py; change that, not this.

export interface ScanAnswer {
  ok: true;
  schema: number;
  runs: Array<Run>;
  unreadable: Array<Unreadable>;
}

export interface Run {
  name: string;
  headline: string;
  health: Health;
  weights: Weights;
  framework: "events" | "recorded" | "selftraining" | "ultralytics" | "unknown" | "yolov5" | "yolov7";
  task: "classify" | "detect" | "obb" | "pose" | "segment" | "semantic" | "unknown";
  version: Version | null;
  dataset: Dataset;
  state: "diverged" | "early_stopped" | "empty" | "finished" | "interrupted" | "running" | "stale" | "unknown";
  ended: "disk_full" | "error" | "killed" | "out_of_memory" | "stopped_by_user" | null;
  time: Time;
  axis: "epoch" | "iteration";
  epochs: Epochs;
  metrics: Record<string, Record<string, number | null>>;
  main_metric: MainMetric | null;
  overfitting: Overfitting;
  operating_point: OperatingPoint;
  findings: Array<Finding>;
  failed_rules: Array<FailedRule>;
  problems: Array<Problem>;
  files: Record<string, Array<string>>;
  marks: Array<Mark>;
  stage: string | null;
  relations: Relations;
  targets: Array<Target>;
  grade: Grade | null;
  note: string | null;
  tags: Array<string>;
}

export interface Health {
  level: "critical" | "info" | "no_verdict" | "ok" | "warning";
  rule: string | null;
}

export interface Weights {
  use: string | null;
  why: string;
}

export interface Version {
  min: string | null;
  max: string | null;
  source: string;
}

export interface Dataset {
  fingerprint: string | null;
  n_train: number | null;
  n_val: number | null;
  n_classes: number | null;
}

export interface Time {
  seconds: number | null;
  per_epoch: number | null;
  updated: number | null;
}

export interface Epochs {
  rows: number;
  logged: number;
  first: number | null;
  last: number | null;
  planned: number | null;
  best: number | null;
  best_by: string | null;
  segments: Array<[number, number]>;
}

export interface MainMetric {
  group: string;
  name: string;
  value: number | null;
}

export interface Overfitting {
  verdict: "loss_only" | "mosaic_step" | "never_generalised" | "none" | "overfitting" | "past_best" | "quality_unchanged" | "quality_unknown" | "too_short" | "unknown";
  loss_overfits: boolean | null;
  quality: "better" | "same" | "unknown" | "worse";
  component: string | null;
  onset: [number, number] | null;
  confidence: "high" | "low" | "moderate" | null;
  excess: number | null;
}

export interface OperatingPoint {
  confidence: number | null;
  f1: number | null;
  precision: number | null;
  recall: number | null;
  interval: [number, number] | null;
  plateau: [number, number] | null;
  source: "curves" | "detections" | "none" | "picture" | "results";
  status: "approximate" | "exact" | "unknown" | "unreadable";
}

export interface Finding {
  rule: string;
  severity: "critical" | "info" | "warning";
  confidence: "high" | "low" | "moderate";
  summary: string;
  evidence: Record<string, boolean | number | string | Array<number | string> | null>;
  span: [number, number] | null;
  advice: Array<Advice>;
}

export interface Advice {
  key: string;
  text: string;
  change: Change | null;
  command: string | null;
}

export interface Change {
  arg: string;
  from: boolean | number | string | null;
  to: boolean | number | string | null;
}

export interface FailedRule {
  rule: string;
  error: string;
}

export interface Problem {
  file: string;
  line: number | null;
  kind: string;
  problem: string;
}

export interface Mark {
  epoch: number;
  kind: "mosaic_closed" | "resumed";
}

export interface Relations {
  starts_from: string | null;
  continues: string | null;
  continued_by: Array<string>;
  duplicates: Array<string>;
  repeats: Array<string>;
}

export interface Target {
  metric: string;
  class: string | null;
  target: number;
  upper: number;
  value: number | null;
  status: "exceeded" | "met" | "missed" | "unknown";
  margin: number | null;
  interval: [number, number] | null;
}

export interface Grade {
  name: string;
  value: number;
  source: "guide 001" | "runlens.yaml";
}

export interface Unreadable {
  path: string;
  reason: string;
}

export interface ShowAnswer {
  ok: true;
  schema: number;
  run: DetailedRun;
}

export interface DetailedRun {
  name: string;
  headline: string;
  health: Health;
  weights: Weights;
  framework: "events" | "recorded" | "selftraining" | "ultralytics" | "unknown" | "yolov5" | "yolov7";
  task: "classify" | "detect" | "obb" | "pose" | "segment" | "semantic" | "unknown";
  version: Version | null;
  dataset: Dataset;
  state: "diverged" | "early_stopped" | "empty" | "finished" | "interrupted" | "running" | "stale" | "unknown";
  ended: "disk_full" | "error" | "killed" | "out_of_memory" | "stopped_by_user" | null;
  time: Time;
  axis: "epoch" | "iteration";
  epochs: Epochs;
  metrics: Record<string, Record<string, number | null>>;
  main_metric: MainMetric | null;
  overfitting: Overfitting;
  operating_point: OperatingPoint;
  findings: Array<Finding>;
  failed_rules: Array<FailedRule>;
  problems: Array<Problem>;
  files: Record<string, Array<string>>;
  marks: Array<Mark>;
  stage: string | null;
  relations: Relations;
  targets: Array<Target>;
  grade: Grade | null;
  note: string | null;
  tags: Array<string>;
  steps: Array<Step>;
  series: Series;
  totals: Totals;
  final: Record<string, Record<string, number | null>> | null;
  statistics: Array<Statistic>;
  trends: Array<Trend>;
  config: Array<Setting>;
  classes: Array<ClassLine>;
  class_rank: ClassRank | null;
  console: Console | null;
  commands: Array<string>;
  checkpoints: Array<Checkpoint>;
  drawn_by: string | null;
  consequences: Array<Consequence>;
  data: DataSet | null;
  data_counting: boolean;
  pictures: Array<Picture>;
  gallery: Gallery;
  pseudo_labels: Array<PseudoLabels>;
  forecast: Forecast | null;
  curves: Record<string, Curve>;
  recorded: Recorded | null;
  reproduction: Reproduction;
  expected: Array<Expected>;
  sizes: Record<string, number>;
  questions: Array<Question>;
  loss_sizes: Array<LossSize>;
  phases: Array<Phase>;
  course: Array<string>;
  schedule: Schedule | null;
  pace: Pace | null;
}

export interface Step {
  rule: string;
  advice: Advice;
}

export interface Series {
  epoch: Array<number>;
  train: Record<string, Array<number | null>>;
  val: Record<string, Array<number | null>>;
  metrics: Record<string, Record<string, Array<number | null>>>;
  lr: Record<string, Array<number | null>>;
  seconds: Array<number | null> | null;
  machine: Record<string, Array<number | null>>;
  not_finite: Record<string, Array<number>>;
}

export interface Totals {
  train: Array<number | null> | null;
  val: Array<number | null> | null;
}

export interface Statistic {
  group: string;
  name: string;
  better: "higher" | "lower";
  best: Extreme;
  worst: Extreme;
  mean: number | null;
  now: Extreme;
}

export interface Extreme {
  value: number | null;
  epoch: number | null;
}

export interface Trend {
  group: string;
  name: string;
  change: number | null;
  interval: [number | null, number | null];
  since: number;
  per_ten: number | null;
  per_ten_interval: [number | null, number | null];
  said: "improving" | "level" | "worsening";
}

export interface Setting {
  key: string;
  value: string;
  file: string;
  default: string | null;
  changed: boolean | null;
  risk: Risk | null;
}

export interface Risk {
  rule: string | null;
  why: string;
}

export interface ClassLine {
  name: string;
  images: number | null;
  instances: number | null;
  trained: number | null;
  weak: boolean;
  course: Array<number | null>;
  metrics: Record<string, Record<string, number | null>>;
  intervals: Record<string, Record<string, [number, number]>>;
  unreliable: boolean;
}

export interface ClassRank {
  group: string;
  metric: string;
  followed: string | null;
  epochs: Array<number>;
}

export interface Console {
  file: string;
  version: string | null;
  python: string | null;
  torch: string | null;
  device: string | null;
  model: string | null;
  layers: number | null;
  parameters: number | null;
  gflops: number | null;
  transferred: [number, number] | null;
  frozen: Array<string>;
  train: Split | null;
  val: Split | null;
  epochs_completed: number | null;
  hours: number | null;
  speed_ms: Record<string, number | null>;
  fps: number | null;
  ended: string | null;
}

export interface Split {
  images: number;
  backgrounds: number;
  corrupt: number;
}

export interface Checkpoint {
  file: string;
  bytes: number;
  version: string | null;
  date: string | null;
  epoch: number | null;
  finished: boolean | null;
  logged: number | null;
  metrics: Record<string, Record<string, number | null>>;
  problem: string | null;
}

export interface Consequence {
  name: string;
  possible: Array<string>;
}

export interface DataSet {
  name: string;
  task: "classify" | "detect" | "obb" | "pose" | "segment" | "semantic" | "unknown";
  classes: Array<string>;
  splits: Record<string, DataSplit>;
  repeats: DataRepeats | null;
  faults: Array<DataFault>;
  problems: Array<Problem>;
}

export interface DataSplit {
  images: number;
  backgrounds: number;
  empty_labels: number;
  missing_labels: number;
  corrupt_images: number;
  corrupt_labels: number;
  instances: number;
  per_class: Array<number>;
  areas: DataAreas | null;
  fingerprint: string | null;
  problems: Array<Problem>;
}

export interface DataAreas {
  quantiles: Array<number | null>;
  small: number | null;
  medium: number | null;
  large: number | null;
  measured: number;
}

export interface DataRepeats {
  same: number;
  alike: number;
  compared: [number, number];
  pairs: Array<[string, string]>;
}

export interface DataFault {
  kind: string;
  severity: "critical" | "info" | "warning";
  summary: string;
  evidence: Record<string, boolean | number | string | Array<number | string> | null>;
  advice: string;
}

export interface Picture {
  id: string;
  role: string;
  title: string;
  same: string;
  label: string | null;
  measured: string | null;
  shows: ShownImage | null;
}

export interface ShownImage {
  image: string | null;
  missed: number;
  false: number;
  classes: Array<string>;
}

export interface Gallery {
  sections: Array<PictureSection>;
  missing: Array<MissingPictures>;
}

export interface PictureSection {
  role: string;
  title: string;
  note: string;
}

export interface MissingPictures {
  what: string;
  why: string;
  line: string | null;
}

export interface PseudoLabels {
  iteration: number;
  positive: number;
  negative: number;
}

export interface Forecast {
  metric: string;
  now: number;
  expected: number;
  interval: [number, number];
  gain: "likely" | "open" | "unlikely";
  epochs_left: number;
}

export interface Curve {
  epoch: number | null;
  confidence: Array<number>;
  f1: Array<number>;
  precision: Array<number>;
  recall: Array<number>;
  optimum: CurvePoint | null;
  cut: number | null;
}

export interface CurvePoint {
  confidence: number;
  f1: number;
  precision: number;
  recall: number;
}

export interface Recorded {
  epochs: number;
  optimizer: string | null;
  learning_rates: Array<number | null>;
  fitness: string | null;
  torch: string | null;
  python: string | null;
  devices: Array<string>;
  missing: Array<string>;
}

export interface Reproduction {
  command: Rebuilt;
  environment: Array<EnvironmentFact>;
  checks: Array<Check>;
  lineage: Array<Ancestor>;
}

export interface Rebuilt {
  line: string | null;
  notes: Array<string>;
}

export interface EnvironmentFact {
  name: string;
  value: string | null;
  source: string;
}

export interface Check {
  item: string;
  value: string | null;
  status: "at_risk" | "known" | "unknown";
  why: string;
}

export interface Ancestor {
  weights: string | null;
  run: string | null;
  how: "continues" | "starts from";
}

export interface Expected {
  file: string;
  role: string;
  when: string;
  missing: string;
  due: boolean;
}

export interface Question {
  id: "classes" | "going_on" | "learning" | "others" | "overfitting" | "threshold";
  question: string;
  answer: string;
  level: "critical" | "info" | "ok" | "unknown" | "warning";
  rules: Array<string>;
}

export interface LossSize {
  component: string;
  value: number;
  gain: number;
  low: number | null;
  high: number;
  said: "good" | "high" | "low" | "typical";
  source: "guide 001";
}

export interface Phase {
  name: "declining" | "rapid" | "rising" | "slow" | "stable";
  span: [number, number];
  gain: number;
}

export interface Schedule {
  expected: Array<number | null> | null;
  why_not: string | null;
  warmup: [number, number] | null;
  peak: number | null;
  final: number | null;
  notes: Array<string>;
}

export interface Pace {
  seconds: Array<number | null>;
  median: number | null;
  slow: Array<number>;
  total: number | null;
  left: number | null;
  images_per_second: number | null;
}

export interface TableAnswer {
  ok: true;
  schema: number;
  logdir: string;
  progress: Progress;
  notes: Array<string>;
  baseline: string | null;
  data: Array<DataGroup>;
  rows: Array<TableRow>;
  unreadable: Array<Unreadable>;
}

export interface Progress {
  read: number;
  total: number | null;
  complete: boolean;
}

export interface DataGroup {
  label: string;
  known: "images" | "named" | "unknown";
  fingerprint: string | null;
  n_val: number | null;
  n_classes: number | null;
}

export interface TableRow {
  name: string;
  headline: string;
  step: string | null;
  health: Health;
  framework: "events" | "recorded" | "selftraining" | "ultralytics" | "unknown" | "yolov5" | "yolov7";
  task: "classify" | "detect" | "obb" | "pose" | "segment" | "semantic" | "unknown";
  state: "diverged" | "early_stopped" | "empty" | "finished" | "interrupted" | "running" | "stale" | "unknown";
  ended: "disk_full" | "error" | "killed" | "out_of_memory" | "stopped_by_user" | null;
  stage: string | null;
  axis: "epoch" | "iteration";
  model: string | null;
  data: number;
  logged: number;
  planned: number | null;
  best: number | null;
  main_metric: MainMetric | null;
  precision: number | null;
  recall: number | null;
  f1: number | null;
  f1_best: number | null;
  confidence: number | null;
  interval: [number, number] | null;
  to_95: number | null;
  unrest: number | null;
  seconds: number | null;
  per_epoch: number | null;
  left: number | null;
  updated: number | null;
  continued_by: Array<string>;
  duplicates: Array<string>;
  repeats: number;
  target: "exceeded" | "met" | "missed" | "unknown" | null;
  grade: string | null;
  note: string | null;
  tags: Array<string>;
  sparkline: Array<number | null>;
  latest: boolean;
}

export interface AgainstAnswer {
  ok: true;
  schema: number;
  baseline: string;
  runs: Array<Against>;
}

export interface Against {
  run: string;
  delta: number | null;
  interval: [number, number] | null;
  verdict: "better" | "not_comparable" | "tie" | "worse";
  reason: string;
  standing: Standing | null;
}

export interface Standing {
  epoch: number;
  delta: number | null;
  chance: number | null;
  outlook: "likely" | "open" | "unlikely" | null;
  said: string;
}

export interface DataAnswer {
  ok: true;
  schema: number;
  data: DataSet;
  against: DataOverlap | null;
}

export interface DataOverlap {
  name: string;
  splits: Record<string, DataShared>;
}

export interface DataShared {
  first: number;
  second: number;
  equal: number;
  renamed: number;
  relabelled: number;
  sentence: string;
}

export interface ThresholdAnswer {
  ok: true;
  schema: number;
  run: string;
  objective: string;
  objective_text: string;
  group: string | null;
  groups: Array<string>;
  operating_point: OperatingPoint;
  validated: string;
  images: number | null;
  value: number | null;
  value_interval: [number, number] | null;
  expected: number | null;
  optimism: number | null;
  sure: string;
  reason: string;
  at: Passing | null;
  usual: Passing | null;
  knee: Passing | null;
  cut: number | null;
  definitions: Array<OtherDefinition>;
  classes: Array<ThresholdClass>;
  sweep: Sweep | null;
  calibration: Calibration | null;
  tested: Tested | null;
  deploy: Deploy | null;
  pictures: Array<PictureRead>;
}

export interface Passing {
  confidence: number;
  f1: number | null;
  precision: number | null;
  recall: number | null;
  found: number | null;
  right: number | null;
  instances: number | null;
}

export interface OtherDefinition {
  key: "framework" | "highest" | "iou75" | "micro";
  text: string;
  confidence: number;
  f1: number;
  precision: number | null;
  recall: number | null;
}

export interface ThresholdClass {
  name: string;
  number: number | null;
  instances: number | null;
  images: number | null;
  confidence: number | null;
  interval: [number, number] | null;
  value: number | null;
  common: Passing | null;
  gain: number | null;
  gain_interval: [number, number] | null;
  advised: number | null;
  verdict: "common" | "no_objects" | "own" | "too_few" | "unknown";
  reason: string;
}

export interface Sweep {
  confidence: Array<number>;
  f1: Array<number>;
  precision: Array<number | null>;
  recall: Array<number>;
  found: Array<number> | null;
  right: Array<number> | null;
  instances: number | null;
  classes: Array<SweepClass>;
}

export interface SweepClass {
  name: string;
  number: number;
  instances: number;
  found: Array<number>;
  right: Array<number>;
}

export interface Calibration {
  bins: Array<ReliabilityBin>;
  d_ece: number | null;
  d_ece_interval: [number, number] | null;
  la_ece: number | null;
  text: string;
}

export interface ReliabilityBin {
  low: number;
  high: number;
  count: number;
  confidence: number;
  precision: number;
  interval: [number, number];
}

export interface Tested {
  images: number;
  at: Passing;
  f1_interval: [number, number] | null;
  text: string;
}

export interface Deploy {
  python: string | null;
  commands: Array<string>;
  yaml: string | null;
  customer: string;
  file: DeployFile;
  file_text: string;
}

export interface DeployFile {
  format: number;
  run: string;
  weights: string | null;
  weights_sha256: string | null;
  imgsz: number | null;
  confidence: number;
  classes: Record<string, number>;
  objective: string;
  f1: number | null;
  precision: number | null;
  recall: number | null;
  interval: [number, number] | null;
  source: string;
  sure: string;
  made_by: string;
}

export interface PictureRead {
  file: string;
  kind: "f1" | "p" | "pr" | "r";
  group: string;
  status: "approximate" | "exact" | "unreadable";
  confidence: number | null;
  value: number | null;
  reason: string;
}

export interface ConfusionAnswer {
  ok: true;
  schema: number;
  run: string;
  names: Array<string>;
  background: boolean;
  source: "none" | "picture" | "recorded";
  status: "approximate" | "exact" | "unknown" | "unreadable";
  reason: string;
  validated: string;
  chosen: number | null;
  steps: Array<ConfusionStep>;
  shares: Array<[number, number, number]> | null;
}

export interface ConfusionStep {
  confidence: number | null;
  cells: Array<[number, number, number]>;
  ranked: Array<Confusion>;
}

export interface Confusion {
  predicted: number;
  true: number;
  count: number;
  of: number;
  share: number;
  interval: [number, number];
}

export interface EvaluateAnswer {
  ok: true;
  schema: number;
  run: string;
  evaluations: Array<EvaluatedSplit>;
}

export interface EvaluatedSplit {
  split: "test" | "val";
  images: number;
  detections: number | null;
  confidence: number | null;
  f1: number | null;
  precision: number | null;
  recall: number | null;
}

export interface CompareAnswer {
  ok: true;
  schema: number;
  baseline: string;
  runs: Array<string>;
  differences: Array<Difference>;
  ranking: Array<Place>;
  facts: Array<Facts>;
  config: Array<Argument>;
  checklist: Array<ChecklistItem>;
  said: Array<Said>;
  notes: Array<string>;
  repeats: Array<Repeats>;
  warnings: Array<string>;
  losses_apart: Array<string>;
}

export interface Difference {
  run: string;
  group: string | null;
  metric: string;
  delta: number | null;
  interval: [number, number] | null;
  verdict: "better" | "not_comparable" | "tie" | "worse";
  caveats: Array<string>;
  reason: string;
  at: "best" | "end" | "equal_epoch";
  after: number | null;
  detectable: number | null;
  sampling: number | null;
}

export interface Place {
  run: string;
  rank: number | null;
  ahead_of: Array<string>;
  behind: Array<string>;
}

export interface Facts {
  run: string;
  state: "diverged" | "early_stopped" | "empty" | "finished" | "interrupted" | "running" | "stale" | "unknown";
  task: "classify" | "detect" | "obb" | "pose" | "segment" | "semantic" | "unknown";
  model: string | null;
  n_train: number | null;
  n_val: number | null;
  imgsz: number | null;
  epochs: number;
  best_epoch: number | null;
  group: string | null;
  metric: string | null;
  value: number | null;
  level: number | null;
  sigma: number | null;
  precision: number | null;
  recall: number | null;
  f1: number | null;
  f1_best: number | null;
  f1_best_epoch: number | null;
  confidence: number | null;
  epochs_to_95: number | null;
  seconds_to_95: number | null;
  train_loss: EndOfLoss | null;
  val_loss: EndOfLoss | null;
  seconds_per_epoch: number | null;
  seconds: number | null;
}

export interface EndOfLoss {
  mean: number | null;
  sigma: number | null;
}

export interface Argument {
  key: string;
  values: Array<string | null>;
}

export interface ChecklistItem {
  item: string;
  values: Array<string | null>;
  ahead: string | null;
  why: string;
}

export interface Said {
  run: string;
  sentences: Array<string>;
  notes: Array<string>;
}

export interface Repeats {
  runs: Array<string>;
  group: string;
  metric: string;
  mean: number | null;
  deviation: number | null;
}

export interface DigestAnswer {
  ok: true;
  schema: number;
  logdir: string;
  since: number;
  until: number;
  baseline: string | null;
  headline: string;
  finished: Array<Finished>;
  died: Array<Died>;
  improved: Array<Improved>;
  running: Array<StillRunning>;
  idle: Array<Idle>;
  disk: Disk;
  next: Array<NextCommand>;
  notes: Array<string>;
}

export interface Finished {
  run: string;
  state: "diverged" | "early_stopped" | "empty" | "finished" | "interrupted" | "running" | "stale" | "unknown";
  at: number | null;
  epochs: number;
  planned: number | null;
  seconds: number | null;
  main_metric: MainMetric | null;
  note: string | null;
  tags: Array<string>;
  said: string;
}

export interface Died {
  run: string;
  state: "diverged" | "early_stopped" | "empty" | "finished" | "interrupted" | "running" | "stale" | "unknown";
  at: number | null;
  epoch: number | null;
  planned: number | null;
  why: "disk_full" | "error" | "killed" | "out_of_memory" | "stopped_by_user" | null;
  command: string | null;
  said: string;
}

export interface Improved {
  run: string;
  delta: number | null;
  interval: [number, number] | null;
  said: string;
}

export interface StillRunning {
  run: string;
  epoch: number | null;
  planned: number | null;
  per_epoch: number | null;
  ends: number | null;
  standing: Standing | null;
  said: string;
}

export interface Idle {
  since: number;
  until: number | null;
  said: string;
}

export interface Disk {
  files: number;
  bytes: number;
  runs: Array<Freeable>;
  said: string | null;
}

export interface Freeable {
  run: string;
  files: number;
  bytes: number;
}

export interface NextCommand {
  run: string | null;
  said: string;
  command: string | null;
}

export interface WatchEvent {
  ok: true;
  schema: number;
  event: "finding" | "finished" | "withdrawn";
  at: number;
  logdir: string;
  run: string;
  rule: string;
  severity: "critical" | "info" | "warning";
  summary: string;
  state: "diverged" | "early_stopped" | "empty" | "finished" | "interrupted" | "running" | "stale" | "unknown";
  epoch: number | null;
  planned: number | null;
  advice: Array<Advice>;
}

export interface PruneAnswer {
  ok: true;
  schema: number;
  dry_run: boolean;
  files: Array<PrunedFile>;
  bytes: number;
  freed: number;
  kept: Array<KeptCheckpoints>;
  notes: Array<string>;
}

export interface PrunedFile {
  run: string;
  file: string;
  bytes: number;
  deleted: boolean;
  reason: string | null;
}

export interface KeptCheckpoints {
  run: string;
  files: Array<string>;
  reason: string;
}

export interface RuleAnswer {
  ok: true;
  schema: number;
  rule: string;
  title: string;
  says: string;
  why: string;
  decides: string;
  source: string;
  limits: Array<RuleLimit>;
  change: string;
}

export interface RuleLimit {
  name: string;
  value: number;
  default: number;
  why: string;
}

export interface ErrorAnswer {
  ok: false;
  schema: number;
  error: Failure;
}

export interface Failure {
  code: "bad_request" | "internal" | "method_not_allowed" | "not_found" | "too_large" | "unknown_run" | "unreadable";
  message: string;
}
