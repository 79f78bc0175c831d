using System.Collections.Generic;
using Polder.Expressions;

namespace Polder.Sql.Parsing;

/// <summary>One statement of a script.</summary>
internal abstract record StatementSyntax(TextSpan Span);

/// <summary>A statement that yields rows.</summary>
/// <param name="Query">The query.</param>
/// <param name="Tables">Every name in it that stands where a table does.</param>
/// <param name="Span">Where it stands.</param>
internal sealed record QueryStatement(QuerySyntax Query, IReadOnlyList<TableSyntax> Tables, TextSpan Span)
    : StatementSyntax(Span);
