"""How rules are compiled: each as a part of whatever calls it, whole only where Python calls it.

numba makes every function into machine code of its own, with two doors through which Python and C
may enter, and optimises it anew in each caller. Of a rule that only another rule calls all this is
thrown away. Here such a rule is typed and put in by its caller; what Python calls is optimised and
made into machine code, once, with everything it calls inside. The first run on a machine then
compiles in well under half the time, and its results are the same to the bit.

This builds on classes that numba keeps for itself, so it is done for the versions it was tried
with; any other compiles each function on its own.
"""

from functools import cached_property

import numba
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.compiler_machinery import register_pass
from numba.core.registry import CPUDispatcher
from numba.core.typed_passes import NativeLowering

from sim import compile_cache

FIRST, LAST = (0, 61), (0, 68)  # versions of numba whose parts were tried
IN_PARTS = FIRST <= numba.version_info.short <= LAST


class PartLibrary(JITCodeLibrary):
    """Code of a part: kept as it was written, to be optimised and made into machine code later."""

    def _optimize_final_module(self):
        """Leave that to whoever calls the part."""

    def _finalize_final_module(self):
        self._finalize_dynamic_globals()
        self._verify_declare_only_symbols()
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class PartLowering(NativeLowering):
    """Write the code of a part, and tell its callers where it stands."""

    _name = "part_lowering"

    def run_pass(self, state):
        """Put the code of `state` in a library of a part; True, for the code has changed."""
        state.flags.no_compile = True
        state.library = PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        super().run_pass(state)
        code = state["cr"]._replace(cfunc=object())  # what callers know it by; cannot be called
        state.targetctx.insert_user_function(code.cfunc, code.fndesc, [state.library])
        state["cr"] = code
        return True


class PartCompiler(Compiler):
    """numba's compiler, but for its last step."""

    def define_pipelines(self):
        """The passes, in a list of one pipeline."""
        (pipeline,) = super().define_pipelines()
        pipeline.passes = [
            (PartLowering if step.__name__ == NativeLowering.__name__ else step, description)
            for step, description in pipeline.passes
        ]
        pipeline._finalized = False
        pipeline.finalize()
        return [pipeline]


class Part(CPUDispatcher):
    """A rule as compiled rules see it."""

    def add_overload(self, cres):
        """Keep what was compiled for some types from Python, which could not enter it."""
        self.overloads[tuple(cres.signature.args)] = cres


class Rule(CPUDispatcher):
    """A rule as Python sees it; to compiled rules it shows itself as a part."""

    @cached_property
    def part(self):
        """The same rule as a part."""
        options = self.targetoptions | {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
        return Part(self.py_func, targetoptions=options, pipeline_class=PartCompiler)

    @property
    def _numba_type_(self):
        return self.part._numba_type_


def decorator(kept, **options):
    """A decorator that compiles rules.

    kept : bool, whether what Python calls is kept on disk, where numba's configuration says
    options : of `numba.njit`
    returns : function of a function, which gives what numba.njit would
    """

    def compiled_rule(function):
        if numba.config.DISABLE_JIT:
            return function
        if not IN_PARTS:
            rule = numba.njit(**options, cache=kept)(function)
        else:
            rule = Rule(function, targetoptions={"nopython": True, **options})
            if kept:
                rule.enable_caching()
        return compile_cache.forgive(rule)

    return compiled_rule
