"""Names for the arrays that tokens live in; numpy itself is imported where it is first needed."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Int32s = NDArray[np.int32]
    """Tokens, words, or places in a row of tokens."""

    Integers = NDArray[np.signedinteger]
    """Places as numpy finds them."""

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
