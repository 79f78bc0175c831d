using System.Collections.Generic;
using Polder.Expressions.Syntax;

namespace Polder.Expressions;

/// <summary>What the names, the parameters and the foreign nodes of an expression stand for.</summary>
internal interface INameScope
{
    /// <summary>Whether aggregate functions may stand here; where not, they are refused.</summary>
    bool AllowsAggregates { get; }

    /// <summary>
    /// Every column that the start of a name may stand for, as the parts of its full name; suggestions are made of
    /// these.
    /// </summary>
    IReadOnlyList<IReadOnlyList<string>> Candidates { get; }

    /// <summary>
    /// What a name stands for: a column, perhaps with a field of it; null where nothing has that name. Names are
    /// compared without case; a name that stands for two columns is an error that the scope raises.
    /// </summary>
    Expression? Resolve(IReadOnlyList<string> parts, TextSpan span);

    /// <summary>The value of a parameter, or null where it has none.</summary>
    Literal? ResolveParameter(string name);

    /// <summary>
    /// Analyses what only the caller understands: subqueries, windows, stars, aggregates of its own. Null leaves the
    /// node to the analyser, which refuses what it does not know.
    /// </summary>
    Expression? AnalyzeForeign(SyntaxNode node, ExpressionAnalyzer analyzer);
}
