using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Expressions.Syntax;

namespace Polder.Expressions.Analysis;

/// <summary>The columns of one schema, nothing else: predicates, constraints, generated columns.</summary>
internal sealed class StructScope : INameScope
{
    private readonly DataType _schema;

    public StructScope(DataType schema)
    {
        _schema = schema;
    }

    public bool AllowsAggregates => false;

    public IReadOnlyList<IReadOnlyList<string>> Candidates =>
        [.. _schema.Fields.Select(column => (IReadOnlyList<string>)[column.Name])];

    public Expression? Resolve(IReadOnlyList<string> parts, TextSpan span)
    {
        List<int> matches = [];
        for (int fieldIndex = 0; fieldIndex < _schema.Fields.Count; fieldIndex++)
        {
            if (string.Equals(_schema.Fields[fieldIndex].Name, parts[0], StringComparison.OrdinalIgnoreCase))
            {
                matches.Add(fieldIndex);
            }
        }

        if (matches.Count > 1)
        {
            throw AnalysisErrors.AmbiguousName(
                parts, matches.Select(index => (IReadOnlyList<string>)[_schema.Fields[index].Name]), span);
        }

        if (matches.Count == 0)
        {
            return null;
        }

        StructField field = _schema.Fields[matches[0]];
        DataType type = Casts.WithoutLengths(field.Type);
        Expression column = new ColumnReference(matches[0], field.Name, type, field.Nullable, span);
        return FieldResolver.Resolve(column, parts.Skip(1), span);
    }

    public Literal? ResolveParameter(string name) => null;

    public Expression? AnalyzeForeign(SyntaxNode node, ExpressionAnalyzer analyzer) => null;
}
