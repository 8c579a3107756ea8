"""The TensorBoard plugin: which URL is answered by what, and nothing else. docs/http_api.md describes the routes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Callable, Optional

from tensorboard.plugins import base_plugin
from werkzeug import wrappers

from tensorboard_runlens import answers, http, logdirs, pictures, static_files, thumbnails
from tensorboard_runlens.answers.rule import rule_answer
from tensorboard_runlens.comparison import MAX_RUNS
from tensorboard_runlens.comparison.asked import CannotCompare
from tensorboard_runlens.deployment.study import UnknownGroup, UnknownObjective
from tensorboard_runlens.digest import since
from tensorboard_runlens.fleet import Fleet
from tensorboard_runlens.folder import FileRefused
from tensorboard_runlens.report.kinds import NoSuchReport
from tensorboard_runlens.rules import all_rules
from tensorboard_runlens.served_digest import Digests
from tensorboard_runlens.served_reports import Reports

PLUGIN_NAME = "runlens"
MAX_NAME_LENGTH = 4096
"""Characters of a run name in a request: the longest path of common systems."""

MAX_OBJECTIVE_LENGTH = 40
"""Characters of an objective or a group in a request: the longest that means something is precision@0.999."""

UNKNOWN = "no run of this name; it may have been moved or deleted"


def _name_in(request: wrappers.Request) -> str:
    """The name of the run that a request is about."""
    name = request.args.get("run")
    if not name or len(name) > MAX_NAME_LENGTH:
        raise http.Refusal("bad_request", f"name a run: {request.path.rpartition('/')[2]}?run=NAME")
    return name


def _width_in(request: wrappers.Request) -> Optional[int]:
    """The width in pixels that a picture is wanted at, None for the picture as it is."""
    asked = request.args.get("width")
    width = None if asked is None else thumbnails.width_in(asked)
    if asked is not None and width is None:
        (least, most) = (thumbnails.MIN_WIDTH, thumbnails.MAX_WIDTH)
        raise http.Refusal("bad_request", f"width is a whole number from {least} to {most}")
    return width


def _known(found: Optional[http.Content]) -> http.Content:
    if found is None:
        raise http.Refusal("unknown_run", UNKNOWN)
    return found


class RunLensPlugin(base_plugin.TBPlugin):  # type: ignore[misc]
    """Serves the tab and its data for the logdir that TensorBoard was started on."""

    plugin_name = PLUGIN_NAME

    def __init__(self, context: base_plugin.TBContext) -> None:
        self._static = static_files.load()
        self._thumbnails = thumbnails.Thumbnails()
        self._fleet = Fleet(
            logdirs.of_context(context), logdirs.shown_name(context), logdirs.notes(context)
        )
        self._reports = Reports(self._fleet)
        self._digests = Digests(self._fleet)
        # TensorBoard asks only once, when its page is opened, whether the tab is active.
        self._fleet.look()

    def is_active(self) -> bool:
        """Whether there is anything to show; never waits long, because TensorBoard's page waits for it."""
        return self._fleet.has_runs()

    def frontend_metadata(self) -> base_plugin.FrontendMetadata:
        """The tab: its module and its name."""
        return base_plugin.FrontendMetadata(es_module_path="/static/index.js", tab_name="RunLens")

    def get_plugin_apps(self) -> Mapping[str, Callable[..., object]]:
        """URL below /data/plugin/runlens -> application."""
        return {
            "/runs": http.route(self._runs),
            "/run": http.route(self._run),
            "/image": http.route(self._image),
            "/threshold": http.route(self._threshold),
            "/confusion": http.route(self._confusion),
            "/compare": http.route(self._compare),
            "/report": http.route(self._report),
            "/digest": http.route(self._digest),
            "/against": http.route(self._against),
            "/table": http.route(self._table),
            "/rule": http.route(self._rule),
            "/static/*": http.route(self._static_file),
        }

    def _runs(self, request: wrappers.Request) -> http.Content:
        return self._fleet.runs()

    def _run(self, request: wrappers.Request) -> http.Content:
        found = self._fleet.closer(_name_in(request))
        if found is None:
            raise http.Refusal("unknown_run", UNKNOWN)
        return http.json_content(answers.show_answer(*found, self._fleet.judged()))

    def _image(self, request: wrappers.Request) -> http.Content:
        run = self._fleet.run(_name_in(request))
        if run is None:
            raise http.Refusal("unknown_run", UNKNOWN)
        wanted = request.args.get("id")
        if not wanted or len(wanted) > MAX_NAME_LENGTH:
            raise http.Refusal("bad_request", "name a picture: image?run=NAME&id=ID")
        width = _width_in(request)
        try:
            (data, media) = pictures.load(run, wanted)
            return http.plain(data if width is None else self._thumbnails.of(data, width), media)
        except KeyError as error:
            raise http.Refusal("not_found", "this run has no such picture") from error
        except FileRefused as error:
            raise http.Refusal("unreadable", str(error)) from error

    def _threshold(self, request: wrappers.Request) -> http.Content:
        objective = request.args.get("objective") or "f1"
        group = request.args.get("group") or None
        if len(objective) > MAX_OBJECTIVE_LENGTH or len(group or "") > MAX_OBJECTIVE_LENGTH:
            raise http.Refusal("bad_request", "objective and group are single words")
        try:
            found = self._fleet.threshold(_name_in(request), objective, group)
        except (UnknownGroup, UnknownObjective) as error:
            raise http.Refusal("bad_request", str(error)) from error
        return _known(found)

    def _confusion(self, request: wrappers.Request) -> http.Content:
        return _known(self._fleet.confusion(_name_in(request)))

    def _compare(self, request: wrappers.Request) -> http.Content:
        names = request.args.getlist("run")
        baseline = request.args.get("baseline") or None
        too_long = any(len(name) > MAX_NAME_LENGTH for name in (*names, baseline or ""))
        if not names or not all(names) or too_long:
            raise http.Refusal("bad_request", "name runs: compare?run=NAME&run=NAME")
        try:
            found = self._fleet.comparison(names, baseline)
        except CannotCompare as error:
            raise http.Refusal("bad_request", str(error)) from error
        return _known(found)

    def _report(self, request: wrappers.Request) -> http.Content:
        names = request.args.getlist("run")
        if len(names) > MAX_RUNS or any(not 0 < len(name) <= MAX_NAME_LENGTH for name in names):
            raise http.Refusal("bad_request", f"name {MAX_RUNS} runs at most: report?run=NAME")
        (kind, wanted) = (request.args.get("kind") or "run", request.args.get("format") or "md")
        try:
            return _known(self._reports.get(names, kind, wanted))
        except (NoSuchReport, CannotCompare) as error:
            raise http.Refusal("bad_request", str(error)) from error

    def _digest(self, request: wrappers.Request) -> http.Content:
        (zone, baseline) = (request.args.get("zone"), request.args.get("baseline"))
        if baseline and len(baseline) > MAX_NAME_LENGTH:
            raise http.Refusal("bad_request", "name a run: digest?baseline=NAME")
        try:
            begin = request.args.get("since") or since.USUAL
            return _known(self._digests.get(begin, zone, baseline))
        except since.NoSuchTime as error:
            raise http.Refusal("bad_request", str(error)) from error

    def _against(self, request: wrappers.Request) -> http.Content:
        baseline = request.args.get("baseline")
        if not baseline or len(baseline) > MAX_NAME_LENGTH:
            raise http.Refusal("bad_request", "name a run: against?baseline=NAME")
        return _known(self._fleet.against(baseline))

    def _table(self, request: wrappers.Request) -> http.Content:
        return self._fleet.table()

    def _rule(self, request: wrappers.Request) -> http.Content:
        wanted = request.args.get("id")
        found = next((rule for rule in all_rules() if rule.id == wanted), None)
        if found is None:
            raise http.Refusal("not_found", "no such rule")
        return http.json_content(rule_answer(found, self._fleet.limits(found.id)))

    def _static_file(self, request: wrappers.Request) -> http.Content:
        found = self._static.get(request.path.rpartition("/static/")[2])
        if found is None:
            raise http.Refusal("not_found", "no such file")
        return found
