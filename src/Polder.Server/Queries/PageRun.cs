using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Polder.Execution;
using Polder.Expressions;
using Polder.Server.Charts;
using Polder.Sql;

namespace Polder.Server.Queries;

/// <summary>One render of a page's queries: all analysed, which pins their tables, then run.</summary>
internal sealed class PageRun(QueryService service, FenceGraph fences, PinnedTables pinned, ParameterInputs inputs)
{
    private readonly StatementResult?[] _statements = new StatementResult?[fences.Texts.Count];
    private readonly Exception?[] _failures = new Exception?[fences.Texts.Count];
    private int _failureCount;

    /// <summary>Whether any fence or value failed so far.</summary>
    public bool HasFailures => Volatile.Read(ref _failureCount) > 0;

    /// <summary>Analyses every fence and pins the tables that they read.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        for (int index = 0; index < fences.Texts.Count; index++)
        {
            try
            {
                if (fences.FailureOf(index) is QueryException failure)
                {
                    throw failure;
                }

                _statements[index] = await service.Session.PrepareAsync(
                    fences.Texts[index].Statement, OptionsFor(index), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                _failures[index] = exception is QueryException query ? inputs.Explain(query) : exception;
            }
        }
    }

    /// <summary>Runs a fence and shows it.</summary>
    public async Task<FenceResult> RenderAsync(int index, CancellationToken cancellationToken)
    {
        SqlFence fence = fences.Texts[index].Fence;
        try
        {
            QueryRows rows = await RowsAsync(index, cancellationToken).ConfigureAwait(false);
            string html = FenceView.Render(fence, rows);
            return new FenceResult(
                fence.Name, html, PageQueries.HashOf(html), _statements[index]!.Tables, null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Interlocked.Increment(ref _failureCount);
            FenceFailure failure = FenceFailure.Of(exception, fences.Texts[index], fences.Texts);
            string html = FenceView.RenderFailure(fence, failure);
            return new FenceResult(fence.Name, html, PageQueries.HashOf(html), [], failure);
        }
    }

    /// <summary>Computes a value in the text and shows it.</summary>
    public async Task<ValueResult> RenderAsync(PageValue inline, CancellationToken cancellationToken)
    {
        string html;
        try
        {
            html = await new ValueExpression(inline.Text).ToHtmlAsync(this, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Interlocked.Increment(ref _failureCount);
            string place = FormattableString.Invariant($"{inline.File}:{inline.Line}:{inline.Column}");
            html = $"<span class=\"value-error\" role=\"alert\" title=\"{Markup.Encode(place)}\">" +
                $"{{{{{Markup.Encode(inline.Text)}}}}}: {Markup.Encode(FenceFailure.MessageOf(exception))}</span>";
        }

        return new ValueResult(html, PageQueries.HashOf(html));
    }

    /// <summary>The rows of the fence of a name.</summary>
    public Task<QueryRows> RowsAsync(string name, CancellationToken cancellationToken) =>
        RowsAsync(IndexOf(name), cancellationToken);

    /// <summary>The statement of the fence of a name.</summary>
    public StatementResult StatementOf(string name)
    {
        int index = IndexOf(name);
        return _failures[index] is Exception failure ? throw failure : _statements[index]!;
    }

    private int IndexOf(string name)
    {
        int index = fences.Find(name);
        return index >= 0 ? index : throw new QueryException(
            "TABLE_OR_VIEW_NOT_FOUND",
            "42P01",
            fences.Texts.Count == 0
                ? $"there is no query {name}: this page has none"
                : $"there is no query {name}; this page has {string.Join(", ", fences.Texts.Select(
                    text => text.Fence.Name))}");
    }

    /// <summary>What an expression over the rows of a fence yields, the only value of its only row.</summary>
    /// <param name="name">The fence.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="expression">An aggregate of Spark SQL.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<QueryRows> AggregateAsync(
        string name, QueryRows rows, string expression, CancellationToken cancellationToken)
    {
        int index = fences.Find(name);
        string source = FenceText.NameOf(fences.Texts[index].Fence.Name);
        SqlStatement statement = SqlStatement.Split($"SELECT {expression} FROM `{source}`")[0];

        // What is kept is all there is, or else the query runs once more for the sum of all.
        SqlQueryOptions options = rows.IsWhole
            ? new SqlQueryOptions { Rows = new Dictionary<string, IBatchSource> { [source] = rows.AsSource() } }
            : OptionsFor(index, new NamedStatement(source, fences.Texts[index].Statement));
        StatementResult result = await service.Session
            .PrepareAsync(statement, options, cancellationToken).ConfigureAwait(false);
        return rows.IsWhole
            ? await QueryRows.ReadAsync(result.Schema, result.Batches, long.MaxValue, cancellationToken)
                .ConfigureAwait(false)
            : await service.RunAsync(fences.NormalisedOf(index) + "\n" + statement.Text, result, cancellationToken)
                .ConfigureAwait(false);
    }

    private Task<QueryRows> RowsAsync(int index, CancellationToken cancellationToken) =>
        _failures[index] is Exception failure
            ? throw failure
            : service.RunAsync(fences.NormalisedOf(index), _statements[index]!, cancellationToken);

    private SqlQueryOptions OptionsFor(int index, params NamedStatement[] more) => new()
    {
        Parameters = inputs.Values,
        Tables = pinned,
        Named = [.. fences.NamedFor(index), .. more],
    };
}
