using System.Linq;
using Polder.Expressions;
using Polder.Expressions.Evaluation;

namespace Polder.Sql.Planning;

/// <summary>
/// Evaluates what refers to no column, once and before anything runs. A constant that fails, fails the query, as in
/// Spark, except inside CASE and COALESCE, where it may never be asked for.
/// </summary>
internal static class FoldConstants
{
    /// <summary>The plan with constants evaluated; filters that are always TRUE are gone.</summary>
    public static LogicalPlan Apply(LogicalPlan plan) =>
        plan.TransformExpressions(Fold).TransformUp(SimplifyNode);

    /// <summary>The expression with its constant parts evaluated.</summary>
    public static Expression Fold(Expression expression)
    {
        Expression folded = ConstantFolder.Fold(expression);
        RaiseErrors(folded);
        return folded;
    }

    private static LogicalPlan SimplifyNode(LogicalPlan node) => node switch
    {
        LogicalFilter { Predicate: Literal { Value: true } } filter => filter.Input,
        LogicalFilter { Predicate: Literal } filter => new LogicalValues(filter.Output, []),
        LogicalJoin { Condition: Literal { Value: true }, NullAware: false } join => new LogicalJoin(
            join.Left, join.Right, join.Kind, null, mark: join.Mark),
        LogicalLimit { Count: 0 } limit => new LogicalValues(limit.Output, []),
        _ => node,
    };

    // What is still there though it refers to no column has failed, or is nested and stays.
    private static void RaiseErrors(Expression expression)
    {
        if (expression is Literal or ColumnReference)
        {
            return;
        }

        if (IsConstant(expression))
        {
            ValuesBatch.Evaluate(expression);
        }
        else if (expression is not (Case or Call { Function: Function.Coalesce }))
        {
            foreach (Expression child in expression.Children)
            {
                RaiseErrors(child);
            }
        }
    }

    private static bool IsConstant(Expression expression) => expression is Literal ||
        (expression is not (ColumnReference or AggregateCall) && expression.Children.All(IsConstant));
}
