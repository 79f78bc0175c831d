using System.Collections.Generic;
using Polder.Expressions;
using Polder.Expressions.Syntax;

namespace Polder.Sql.Analysis;

/// <summary>Comparisons that the statement implies (USING, IN), coerced as a written <c>=</c> would be.</summary>
internal sealed class Equalities : INameScope
{
    private readonly Expression _left;
    private readonly Expression _right;

    private Equalities(Expression left, Expression right)
    {
        _left = left;
        _right = right;
    }

    bool INameScope.AllowsAggregates => false;

    IReadOnlyList<IReadOnlyList<string>> INameScope.Candidates => [];

    /// <summary><c>left = right</c>.</summary>
    public static Expression Of(Expression left, Expression right, TextSpan span) =>
        new ExpressionAnalyzer(new Equalities(left, right)).Analyze(new BinarySyntax(
            BinaryOperator.Equal, new NameSyntax(["left"], left.Span), new NameSyntax(["right"], right.Span), span));

    Expression? INameScope.Resolve(IReadOnlyList<string> parts, TextSpan span) => parts[0] == "left" ? _left : _right;

    Literal? INameScope.ResolveParameter(string name) => null;

    Expression? INameScope.AnalyzeForeign(SyntaxNode node, ExpressionAnalyzer analyzer) => null;
}
