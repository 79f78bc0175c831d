using Polder.Expressions;
using Polder.Expressions.Syntax;

namespace Polder.Sql.Analysis;

/// <summary>The names that Spark gives to items without an alias.</summary>
internal sealed class OutputNames(ExpressionScope scope)
{
    /// <summary>The name of an item; a column, also under casts, keeps its own.</summary>
    public string Of(SyntaxNode node) => node switch
    {
        NameSyntax name => name.Parts[^1],
        FieldSyntax field => field.Name,
        PathSyntax { Name.Length: > 0 } path => path.Name,
        CastSyntax { Operand: NameSyntax or FieldSyntax or PathSyntax } cast => Of(cast.Operand),
        _ => SyntaxText.Format(node, scope.Analyze, Describe),
    };

    private string? Describe(SyntaxNode node) => node switch
    {
        CallSyntax call when scope.SpreadStars(call) is CallSyntax spread && !ReferenceEquals(spread, call) =>
            SyntaxText.Format(spread, scope.Analyze, Describe),
        NameSyntax or ScalarSubquerySyntax or ExistsSyntax or InSubquerySyntax =>
            ExpressionText.Format(scope.Analyze(node)),
        _ => null,
    };
}
