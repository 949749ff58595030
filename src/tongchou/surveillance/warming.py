"""The kernels of the desk and of the daily cycle, loaded before anybody waits for them."""


def warm() -> float:
    """Load them, compiling those that never ran on this machine; seconds it took."""
    from tongchou.epi import forecast, reproduction  # noqa: F401
    from tongchou.epi.detect import daily, ears, evidence, scan  # noqa: F401
    from tongchou.kit.compiled import warm_up

    return warm_up()
