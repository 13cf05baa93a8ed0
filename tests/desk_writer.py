"""A process that writes rows into a station's log and says each one after it is written, until somebody kills it.

With a size in bytes as its last argument no file may grow larger, as on a full disk.
"""

import sys
from datetime import datetime, timedelta
from pathlib import Path

from config.bad_input import BadInput
from gradphoto.adapters.desk_log import open_log
from gradphoto.desk.answers import Entry

START = datetime(2023, 7, 3, 9)


def main(folder: Path, first: int, rows: int) -> None:
    """Write rows `first`, `first` + 1 …; what is refused is said with a mark before it."""
    log = open_log(folder)
    print(log.station, flush=True)
    for number in range(first, first + rows):
        entry = Entry(code=f'=code,"{number}"', student_no=f"21640012{number:05d}")
        try:
            log.append(START + timedelta(seconds=number), entry)
            print(number, flush=True)
        except BadInput as trouble:
            print(f"!{trouble}", flush=True)


if __name__ == "__main__":
    place, begin, count, *limit = sys.argv[1:]
    if limit:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit[0]), int(limit[0])))
    main(Path(place), int(begin), int(count))
