"""What each kind of place means for an article, as the end of a sentence that it begins."""

from pipeline.model.kinds import Kind

SAYS = {
    Kind.ORIGIN: "is not similar enough to any earlier article: it begins a copy group and a story",
    Kind.EXACT: "has the same words as the origin of its copy group",
    Kind.NEAR: "is an edited version of the origin of its copy group",
    Kind.EXCERPT: "is a part of the origin of its copy group",
    Kind.EXPANDED: "contains the origin of its copy group, and more",
    Kind.REFETCH: "is the same page with the same text, or a part of it, fetched again",
    Kind.REVISION: "is the same page with another text: a later version, which is counted nowhere",
    Kind.REPORT: "has a text of its own, and reports an existing story",
}
