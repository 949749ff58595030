"""Rows of counts added in the machine's widest words, and held against a row of a table.

What Numba makes of the same in plain Python is four scalar additions for each row. Numba does not
see when this file changes: whoever changes it must change `search.py` too, or clear the cache.
"""

from typing import Any

from numba.core import cgutils, types
from numba.extending import intrinsic

__all__ = ["LEAP", "leap", "step"]

ir = cgutils.ir
_U64, _I32 = ir.IntType(64), ir.IntType(32)
_ROW = ir.VectorType(_U64, 4)


def _advance(rows: int) -> Any:
    """A function (old, new, lanes, areas, critical, flag) -> u64 for kernels.

    All but the last are addresses: of four words each, of the rows of counts, of the u32 that say
    which of them to add, and of the table's row. Writes old + rows to new; what it returns is not
    zero where a count has reached the table's. The caller keeps the arrays alive.
    """

    def advance(
        typing: Any, old: Any, new: Any, lanes: Any, areas: Any, critical: Any, flag: Any
    ) -> Any:
        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            old, new, lanes, areas, critical, flag = values

            def row(address: Any) -> Any:
                return builder.inttoptr(address, _ROW.as_pointer())

            total = builder.load(row(old), align=8)
            which = builder.inttoptr(areas, _I32.as_pointer())
            for turn in range(rows):
                area = builder.zext(builder.load(builder.gep(which, [_U64(turn)])), _U64)
                place = builder.add(lanes, builder.shl(area, _U64(5)))  # 32 bytes a row
                total = builder.add(total, builder.load(row(place), align=8))
            builder.store(total, row(new), align=8)
            flags = ir.Constant(_ROW, ir.Undefined)
            for lane in range(4):
                flags = builder.insert_element(flags, flag, _I32(lane))
            left = builder.sub(builder.or_(total, flags), builder.load(row(critical), align=8))
            kind = ir.FunctionType(_U64, [_ROW])
            name = "llvm.vector.reduce.or.v4i64"
            reduce = cgutils.get_or_insert_function(builder.module, kind, name)
            return builder.call(reduce, [builder.and_(left, flags)])

        return types.uint64(*[types.uint64] * 6), generate

    return intrinsic(advance)


#: Circles looked at in one go: the counts at the last are held against the expectation of the
#: first. Larger leaps are quicker and oftener in vain; 8 was best from 0.4 to 40 cases an area.
LEAP = 8
leap = _advance(LEAP)
step = _advance(1)
