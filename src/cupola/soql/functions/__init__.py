"""The function table: every function and operator with all its overloads, one module per noun."""

from cupola.soql.functions import aggregates, casts, comparing, conditions, dates, numbers, places, texts
from cupola.soql.functions.casts import CAST_NAMES
from cupola.soql.functions.overloads import Overload

NOUNS = {
    "Comparisons and logic": comparing.OVERLOADS,
    "Choices": conditions.OVERLOADS,
    "Aggregates": aggregates.OVERLOADS,
    "Numbers": numbers.OVERLOADS,
    "Texts": texts.OVERLOADS,
    "Dates and times": dates.OVERLOADS,
    "Places": places.OVERLOADS,
    "Casts": casts.OVERLOADS,
}
FIELDS = {**dates.FIELDS, **places.FIELDS}
NOW = "get_utc_date"
# Part of the language, and not here yet: named so that nobody looks for a typing error.
UNSUPPORTED = frozenset({
    "regr_slope", "regr_intercept", "regr_r2", "bool_and", "bool_or", "convex_hull", "concave_hull", "extent",
    "spatial_union", "simplify", "simplify_preserve_topology", "num_points", "snap_to_grid", "snap_for_zoom",
    "reduce_precision", "area", "polygon_intersection", "crosses", "overlaps", "make_point", "location",
    "human_address", "url", "phone", "epoch_seconds", "date_diff_business_days", "row_number", "rank", "dense_rank",
    "lead", "lag",
    "first_value", "last_value", "ntile", "width_bucket", "visible_at", "curated_region_test", "get_context",
    "signed_magnitude_10", "signed_magnitude_linear", "geo_collection_extract", "geo_multi", "geo_make_valid",
    "is_empty", "chr", "union", "document", "json", "to_interval", "to_json", "to_location", "to_money", "to_phone",
    "to_document",
})  # fmt: skip


def _table() -> dict[str, tuple[Overload, ...]]:
    found: dict[str, list[Overload]] = {}
    for overloads in NOUNS.values():
        for overload in overloads:
            found.setdefault(overload.name, []).append(overload)
    for written, kind in CAST_NAMES.items():
        if written != kind.value and f"to_{written}" not in found:
            found[f"to_{written}"] = found[f"to_{kind}"]
    return {name: tuple(overloads) for name, overloads in found.items()}


TABLE = _table()

__all__ = ["CAST_NAMES", "FIELDS", "NOUNS", "NOW", "TABLE", "UNSUPPORTED", "Overload"]
