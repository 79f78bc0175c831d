using System;

namespace Polder.Sql.Planning;

/// <summary>The optimiser's rules. Tests run every query with each of them off: no answer may depend on one.</summary>
[Flags]
internal enum OptimizerRules
{
    None = 0,
    FoldConstants = 1,
    FactorDisjunctions = 2,
    PushFilters = 4,
    StrengthenJoins = 8,
    InferConditions = 16,
    OrderJoins = 32,
    PruneColumns = 64,
    All = 127,
}

/// <summary>
/// Applies the rules in an order in which each finds what the one before it uncovered. Every rule is a pure function
/// from plan to plan that may remove an error, never add one.
/// </summary>
internal static class Optimizer
{
    /// <summary>A plan with the same answer that costs less.</summary>
    public static LogicalPlan Optimize(LogicalPlan plan, OptimizerRules rules = OptimizerRules.All)
    {
        plan = Run(plan, rules, OptimizerRules.FoldConstants, FoldConstants.Apply);
        plan = Run(plan, rules, OptimizerRules.FactorDisjunctions, FactorDisjunctions.Apply);
        plan = Run(plan, rules, OptimizerRules.StrengthenJoins, StrengthenJoins.Apply);
        plan = Run(plan, rules, OptimizerRules.InferConditions, InferConditions.Apply);
        plan = Run(plan, rules, OptimizerRules.PushFilters, PushFilters.Apply);
        plan = Run(plan, rules, OptimizerRules.OrderJoins, OrderJoins.Apply);
        return Run(plan, rules, OptimizerRules.PruneColumns, PruneColumns.Apply);
    }

    private static LogicalPlan Run(
        LogicalPlan plan, OptimizerRules rules, OptimizerRules rule, Func<LogicalPlan, LogicalPlan> apply) =>
        rules.HasFlag(rule) ? apply(plan) : plan;
}
