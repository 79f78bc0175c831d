using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Polder.Columns;
using Polder.Expressions;
using Polder.Server.Charts;

namespace Polder.Server.Queries;

/// <summary>
/// What stands between double braces: <c>query.column | function | format …</c>. Functions are those of SQL (sum, min,
/// max, avg, count) and first and last; without one it is the first row's value.
/// </summary>
internal sealed class ValueExpression
{
    private static readonly string[] Aggregates = ["sum", "min", "max", "avg", "count"];

    private readonly string _query;
    private readonly string? _column;
    private readonly string? _function;
    private readonly string? _format;

    /// <exception cref="QueryException">It is no such expression.</exception>
    public ValueExpression(string text)
    {
        string[] steps = [.. text.Split('|').Select(step => step.Trim())];
        int dot = steps[0].IndexOf('.', StringComparison.Ordinal);
        _query = dot < 0 ? steps[0] : steps[0][..dot].Trim();
        _column = dot < 0 ? null : steps[0][(dot + 1)..].Trim().Trim('`');
        if (_query.Length == 0 || _column is "")
        {
            throw Invalid("write query.column, or query.column | sum");
        }

        foreach (string step in steps.Skip(1))
        {
            if (step.StartsWith("format", StringComparison.Ordinal) && _format is null)
            {
                _format = step["format".Length..].Trim().Trim('"', '\'');
                if (NumberFormat.ErrorOf(_format) is string error)
                {
                    throw Invalid(error);
                }
            }
            else if (_function is null && (Aggregates.Contains(step) || step is "first" or "last"))
            {
                _function = step;
            }
            else
            {
                throw Invalid($"'{step}' is none of {string.Join(", ", Aggregates)}, first, last, format");
            }
        }

        if (_column is null && _function != "count")
        {
            throw Invalid($"name a column of {_query}: {_query}.column; only count needs none");
        }
    }

    /// <summary>The value as HTML.</summary>
    public async Task<string> ToHtmlAsync(PageRun run, CancellationToken cancellationToken)
    {
        QueryRows rows = await run.RowsAsync(_query, cancellationToken).ConfigureAwait(false);
        if (_column is null)
        {
            return Show(rows.TotalCount, DataType.Long);
        }

        int column = rows.Find(_column);
        if (column < 0)
        {
            throw Invalid($"{_query} has no column {_column}; it has " +
                string.Join(", ", rows.Schema.Fields.Select(field => field.Name)));
        }

        DataType type = rows.Schema.Fields[column].Type;
        if (_function is null or "first")
        {
            return Show(rows.Count == 0 ? null : rows[0, column], type);
        }

        if (_function == "last")
        {
            return Show(rows.Last?[column], type);
        }

        string name = rows.Schema.Fields[column].Name.Replace("`", "``", StringComparison.Ordinal);
        QueryRows result = await run.AggregateAsync(_query, rows, $"{_function}(`{name}`)", cancellationToken)
            .ConfigureAwait(false);
        return Show(result[0, 0], result.Schema.Fields[0].Type);
    }

    private string Show(object? value, DataType type) => value is null
        ? "<span class=\"value null\">–</span>"
        : $"<span class=\"value\">{Markup.Encode(ValueText.Format(value, type, _format))}</span>";

    private static QueryException Invalid(string message) => new("PARSE_SYNTAX_ERROR", "42601", message);
}
