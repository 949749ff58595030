"""Photos: what they give away is left out, the picture stays, and what is no photo is refused."""

import struct
import zlib
from io import BytesIO

import pytest

from tongchou.people import pictures
from tongchou.people.errors import BadPicture

PIL = pytest.importorskip("PIL.Image")
SIZE = (40, 30)


def jpeg(*, exif=None, comment=b"", progressive=False):
    picture = PIL.effect_noise(SIZE, 80).convert("RGB")
    out = BytesIO()
    more = {"exif": exif} if exif else {}
    picture.save(out, "JPEG", quality=90, comment=comment, progressive=progressive, **more)
    return out.getvalue()


def told(orientation=1):
    """EXIF as a phone writes it: device, time, place, which way up."""
    exif = PIL.Exif()
    exif[0x0110] = "Phone 9 of Nurse Lin"
    exif[0x0132] = "2022:07:01 08:00:00"
    if orientation != 1:
        exif[0x0112] = orientation
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (30.0, 41.0, 0.0)
    return exif


def pixels(content):
    return PIL.open(BytesIO(content)).convert("RGB").tobytes()


def png(*chunks):
    picture = PIL.effect_noise(SIZE, 80).convert("RGB")
    out = BytesIO()
    picture.save(out, "PNG")
    whole = out.getvalue()
    added = b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    return whole[:33] + added + whole[33:]


@pytest.mark.parametrize("progressive", [False, True])
def test_place_time_and_device_are_left_out_and_the_picture_stays(progressive):
    photo = jpeg(exif=told(), comment=b"ward 3", progressive=progressive)
    bare = pictures.bare(photo)

    assert b"Nurse" in photo and b"2022:07:01" in photo and b"ward 3" in photo
    assert not any(word in bare for word in (b"Nurse", b"2022:07:01", b"ward 3", b"Exif"))
    assert pixels(bare) == pixels(photo)


@pytest.mark.parametrize("way_up", [3, 6, 8])
def test_which_way_up_it_was_held_is_all_that_stays(way_up):
    bare = pictures.bare(jpeg(exif=told(way_up)))

    assert dict(PIL.open(BytesIO(bare)).getexif()) == {0x0112: way_up}
    assert b"Nurse" not in bare


def test_a_bare_photo_is_left_as_it_is():
    once = pictures.bare(jpeg(exif=told(6)))

    assert pictures.bare(once) == once


def test_what_is_hidden_behind_the_end_is_left_out():
    assert pictures.bare(jpeg() + b"\xff\xd8 a second picture \xff\xd9").endswith(b"\xff\xd9")
    assert b"second" not in pictures.bare(jpeg() + b"second")


def test_what_is_hidden_between_scans_is_left_out():
    photo = jpeg(progressive=True)
    scan = photo.index(b"\xff\xda")
    later = photo.index(b"\xff\xda", scan + 2)
    hidden = photo[:later] + b"\xff\xfe\x00\x08secret" + photo[later:]

    assert b"secret" not in pictures.bare(hidden)
    assert pixels(pictures.bare(hidden)) == pixels(photo)


def test_texts_and_times_of_a_png_are_left_out():
    photo = png((b"tEXt", b"Author\0Lin"), (b"tIME", b"\x07\xe6\x07\x01\x08\0\0"), (b"eXIf", b"MM"))
    bare = pictures.bare(photo)

    assert b"Lin" not in bare and b"tIME" not in bare and b"eXIf" not in bare
    assert pixels(bare) == pixels(photo)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "Only JPEG and PNG"),
        (b"GIF89a" + b"x" * 99, "Only JPEG and PNG"),
        (b"\xff\xd8\xff" + b"0" * pictures.MAX_BYTES, "larger than 12 MB"),
    ],
)
def test_what_is_no_photo_is_refused(content, says):
    with pytest.raises(BadPicture, match=says):
        pictures.bare(content)


@pytest.mark.parametrize("photo", [jpeg(exif=told(6)), png()], ids=["jpeg", "png"])
def test_a_photo_that_was_cut_off_is_refused_wherever_it_was_cut(photo):
    for end in range(9, len(photo) - 1, 7):
        with pytest.raises(BadPicture):
            pictures.bare(photo[:end])


def test_a_png_that_was_damaged_is_refused():
    photo = bytearray(png())
    photo[len(photo) // 2] ^= 1

    with pytest.raises(BadPicture, match="damaged"):
        pictures.bare(bytes(photo))


@pytest.mark.parametrize(
    "tiff", [b"", b"II*\0", b"XX*\0\0\0\0\x08", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\0\x09"]
)
def test_exif_that_makes_no_sense_says_nothing(tiff):
    assert pictures.orientation(tiff) == 1


def test_little_endian_exif_is_read_too():
    tiff = b"II*\0\x08\0\0\0" + struct.pack("<HHHIHHI", 1, 0x0112, 3, 1, 8, 0, 0)

    assert pictures.orientation(tiff) == 8
    assert pictures.orientation(tiff.replace(b"\x08\0\0\0\0\0", b"\x09\0\0\0\0\0")) == 1
