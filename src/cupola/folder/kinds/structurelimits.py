"""The limits a government sets itself for the checks of its structure, each with where it has it from."""

from typing import Annotated

from pydantic import Field

from cupola.folder.kinds.record import Fields
from cupola.folder.kinds.structurevalues import Amount, Keys, several_codes
from cupola.folder.kinds.values import Count, Day, FilledText, OneOrMore, Share, Slug, Truth
from cupola.orgchart import vocabulary as words


class CountLimit(Fields):
    """A limit in whole numbers."""

    value: Count = Field(description="The limit.", examples=[11])
    source: FilledText = Field(description="Where the city has it from.", examples=["Budget ordinance 2026, section 4"])


class MoneyLimit(Fields):
    """A limit in the city's currency."""

    value: Amount = Field(description="The limit.", examples=[25000])
    source: FilledText = Field(description="Where the city has it from.", examples=["Purchasing code, 3-12"])


class ShareLimit(Fields):
    """A limit that is a share."""

    value: Share = Field(description="The limit.", examples=[0.5])
    source: FilledText = Field(description="Where the city has it from.", examples=["Reserve policy of 2024"])


class TruthLimit(Fields):
    """Something that is allowed or not."""

    value: Truth = Field(description="Whether it is.", examples=[True])
    source: FilledText = Field(description="Where the city has it from.", examples=["Purchasing code, 3-12"])


class PostLimit(Fields):
    """A post."""

    value: Slug = Field(description="Key of the post.", examples=["mayor"])
    source: FilledText = Field(description="Where the city has it from.", examples=["City charter, article 5"])


class PostsLimit(Fields):
    """Several posts."""

    value: Keys = Field(description="Keys of the posts.", examples=[["deputy-mayor"]])
    source: FilledText = Field(description="Where the city has it from.", examples=["City charter, article 5"])


class FunctionsLimit(Fields):
    """Several functions."""

    value: several_codes("a function", words.Function) = Field(  # type: ignore[valid-type]
        description="The functions.", examples=[["security", "open_data"]]
    )
    source: FilledText = Field(description="Where the city has it from.", examples=["Technology plan 2026"])


class DaysLimit(Fields):
    """Several days."""

    value: Annotated[tuple[Day, ...], OneOrMore] = Field(description="The days.", examples=[["2027-02-23"]])
    source: FilledText = Field(description="Where the city has it from.", examples=["City clerk's calendar"])


class ChecksFields(Fields):
    """The government's own limits for the checks, each with where it has it from. What is left out is as usual."""

    elections: DaysLimit | None = Field(None, description="Elections of the chief executive; else those of `city`.")
    executive: PostLimit | None = Field(None, description="The chief executive's post; else the head of its office.")
    deputies: PostsLimit | None = Field(None, description="Posts that count as a deputy of the chief executive.")
    expected_functions: FunctionsLimit | None = Field(None, description="Functions that somebody should own.")
    fewest_direct_reports: CountLimit | None = Field(None, description="Fewer, vacancies left out, need a look.")
    most_direct_reports: CountLimit | None = Field(None, description="More, vacancies counted, need a look.")
    most_layers: CountLimit | None = Field(None, description="Most posts between one and the top.")
    most_posts: CountLimit | None = Field(None, description="Most posts of the chief executive's office.")
    most_general_fund_posts: CountLimit | None = Field(None, description="Most of them that the general fund pays.")
    most_exempt_posts: CountLimit | None = Field(None, description="Most of them that are exempt.")
    most_spending_authority: MoneyLimit | None = Field(None, description="Most that office may spend on one purchase.")
    purchasing_allowed: TruthLimit | None = Field(None, description="Whether that office may buy and hire.")
    most_non_recurring_share: ShareLimit | None = Field(None, description="Most of a team's money that may end.")
    horizon_days: CountLimit | None = Field(None, description="How many days ahead money is looked for.")
    members_above_quorum: CountLimit | None = Field(None, description="Fewest members a council has above its quorum.")
