"""Everything that serves suggestions, put together for one client."""

from tierwise.features.house import House
from tierwise.lsp import Session

from .clock import Clock
from .fate import Fates
from .inline import Inline
from .listing import Listing
from .suggester import Suggester
from .surroundings import Surroundings
from .telling import Telling


class Desk:
    """The parts, in the order in which they hear of changes: a suggestion's fate is judged before new ones are made."""

    def __init__(self, house: House, clock: Clock, session: Session) -> None:
        documents = session.documents
        self.surroundings = Surroundings(session, house.definitions)
        self.suggester = Suggester(house, clock, self.surroundings.prepare)
        self.fates = Fates(self.suggester.note, clock)
        self.inline = Inline(self.suggester, self.fates)
        self.listing = Listing(house, self.suggester, self.fates)
        self.telling = Telling(self.fates)
        documents.listen(self.fates.changed)
        documents.listen(self.suggester.changed)
