"""From camera card to courier: the domain of graduate portraits.

Pure functions on frozen types; `gradphoto.adapters` is where they meet the world, `gradphoto.stages`
is what one stage of a night does with a store. Nothing here knows how a night is orchestrated.
"""

__version__ = "0.1.0"
