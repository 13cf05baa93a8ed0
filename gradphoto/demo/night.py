"""The night that `gradphoto demo` runs: two sessions, four centres, and most of what goes wrong in a summer."""

from datetime import datetime

from gradphoto.demo.plan import Card, Day, Plan, Roster, Sitting, Slate, in_turn
from gradphoto.demo.students import outside, people

FAILING = "xiji"
"""The centre whose packing is made to fail at first."""

SMALL = Slate(share=0.18)
TILTED = Slate(share=0.25, tilt=12)
NIGHT = Slate(share=0.4, dark_mode=True)
LARGE = Slate(share=0.5, tilt=-6, plain=True)
GLARE = Slate(share=0.35, glare=0.5)
UNREADABLE = Slate(share=0.4, blur=4, glare=1, readable=False)

_yanchi, _guyuan = people("yanchi", 12), people("guyuan", 5, first=101)
_longde, _xiji = people("longde", 3, first=201), people("xiji", 3, first=301)
_too_early = outside(_guyuan[4])


def _second_of_july() -> Day:
    y = _yanchi
    turns = in_turn(
        datetime(2023, 7, 2, 10, 4),
        Sitting(y[0], 3, LARGE),
        Sitting(y[1], 4, NIGHT, beside=(".CR2", ".XMP")),
        Sitting(y[2], 5, TILTED, cut=frozenset({2})),
        Sitting(y[3], 7, SMALL),
        Sitting(y[4], 9),
        Sitting(y[5], 20, UNREADABLE),
        Sitting(y[6], 1, TILTED, held="tilted"),
        Sitting(y[7], 16, held="turned"),
        Sitting(y[8], 24, None),
        Sitting(y[9], 8, GLARE),
        Sitting(y[3], 7, LARGE),
    )
    return Day("2023-07-02-yanchi", (Card(turns),))


def _third_of_july() -> Day:
    y, g, d, x = _yanchi, _guyuan, _longde, _xiji
    one = (
        *in_turn(datetime(2023, 7, 3, 8, 41), Sitting(g[0], 12, LARGE), Sitting(g[1], 13)),
        *in_turn(datetime(2023, 7, 3, 10, 3), Sitting(d[0], 19, TILTED), Sitting(d[1], 21, SMALL)),
        *in_turn(datetime(2023, 7, 3, 10, 36), Sitting(x[0], 25, NIGHT), Sitting(y[10], 11)),
    )
    other = (
        *in_turn(
            datetime(2023, 7, 3, 8, 41, 30),
            Sitting(g[2], 15),
            Sitting(_too_early, 6, held="ineligible"),
            Sitting(g[3], 18, GLARE),
        ),
        *in_turn(datetime(2023, 7, 3, 10, 4), Sitting(d[2], 22, LARGE)),
        *in_turn(datetime(2023, 7, 3, 10, 37), Sitting(x[1], 26), Sitting(x[2], 30, TILTED)),
    )
    again = Card(other, "card-2/DCIM/101CANON", serial="082024005678", first=872, copied_to="card-2_copy/101CANON")
    return Day("2023-07-03-guyuan", (Card(one, first=214), again))


NIGHT_PLAN = Plan(
    rosters=(
        Roster("盐池学院.csv", (*_yanchi[:10], _yanchi[11]), "gb18030"),
        Roster("盐池学院（外点采集）.csv", (_yanchi[10],), "utf-8-sig", with_codes=True),
        Roster("固原学院.xlsx", (*_guyuan[:4], _too_early), "xlsx"),
        Roster("隆德、西吉.csv", (*_longde, *_xiji), "utf-8-sig", with_codes=True),
    ),
    days=(_second_of_july(), _third_of_july()),
    no_address=frozenset({"longde"}),
)
