namespace Polder.Expressions;

/// <summary>Turns syntax into the typed tree.</summary>
internal sealed class ExpressionAnalyzer
{
}
