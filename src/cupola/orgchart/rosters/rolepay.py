"""What a post of a role is paid, as far as the titles of a roster tell."""

from collections.abc import Iterable, Mapping

from cupola.orgchart.rosters.staffing import LabelledPosts, Sum, total
from cupola.orgchart.titles import Group, Level

LEADING = frozenset({Level.CHIEF, Level.DIRECTOR})
# what a title must be about to be the post of a role; a role that is not told by titles is left to people
GROUPS_OF_ROLE: Mapping[str, tuple[Group, ...]] = {
    "cio": (Group.IT_INFRASTRUCTURE, Group.APPLICATIONS),
    "it-director": (Group.IT_INFRASTRUCTURE, Group.APPLICATIONS),
    "cto": (Group.IT_INFRASTRUCTURE, Group.APPLICATIONS, Group.DIGITAL_SERVICES),
    "cino": (Group.INNOVATION,),
    "innov-dir": (Group.INNOVATION,),
    "cdo-data": (Group.DATA_ANALYTICS, Group.OPEN_DATA),
    "cdo-digital": (Group.DIGITAL_SERVICES,),
    "ciso": (Group.SECURITY,),
    "gio": (Group.GIS,),
    "cpo": (Group.PERFORMANCE,),
}


def leads(post: LabelledPosts, groups: Iterable[Group]) -> bool:
    """Say whether posts are those of chiefs or directors of any of some functions."""
    return not post.label.queued and post.label.level in LEADING and bool(set(groups) & set(post.label.functions))


def leading_posts(posts: Iterable[LabelledPosts], role: str = "") -> Sum:
    """Return the chiefs and directors of a role's functions, or of all families of work, whose pay is known."""
    groups = GROUPS_OF_ROLE.get(role, ()) if role else tuple(Group)
    return total(
        one for one in posts if (one.family or role) and leads(one, groups) and one.count.costed == one.count.posts
    )
