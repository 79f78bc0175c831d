using System.Collections.Generic;
using System.IO.Hashing;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Polder.Expressions;
using Polder.Sql;

namespace Polder.Server.Queries;

/// <summary>
/// The queries of one page: its fences, its parameters and the values in its text. Immutable; made once for a text and
/// run for every render.
/// </summary>
internal sealed class PageQueries
{
    private readonly QueryService _service;
    private readonly IReadOnlyList<PageParameter> _parameters;
    private readonly IReadOnlyList<PageValue> _values;
    private readonly FenceGraph _fences;

    /// <param name="service">Runs them.</param>
    /// <param name="fences">The page's fences, in its order.</param>
    /// <param name="parameters">What its front matter declares; see <see cref="ParameterDeclarations"/>.</param>
    /// <param name="values">The values in its text.</param>
    public PageQueries(
        QueryService service,
        IReadOnlyList<SqlFence> fences,
        IReadOnlyList<PageParameter> parameters,
        IReadOnlyList<PageValue> values)
    {
        _service = service;
        _parameters = parameters;
        _values = values;
        _fences = new FenceGraph(FenceText.ReadAll(fences));
    }

    /// <summary>Runs everything at one version of each table. What fails is in the results.</summary>
    /// <param name="url">The query of the URL, decoded; <c>at.orders</c> is a version or time of a table.</param>
    /// <param name="cancellationToken">Nobody waits for the results any more.</param>
    public async Task<PageResults> RunAsync(
        IReadOnlyDictionary<string, string> url, CancellationToken cancellationToken)
    {
        RenderPoints points = RenderPoints.Parse(url);
        PinnedTables pinned = new(points.Points);
        ParameterInputs inputs = await ParameterInputs
            .EvaluateAsync(_service, _parameters, url, pinned, cancellationToken).ConfigureAwait(false);
        PageRun run = new(_service, _fences, pinned, inputs);
        await run.PrepareAsync(cancellationToken).ConfigureAwait(false);
        FenceResult[] fences = await Task.WhenAll(
            Enumerable.Range(0, _fences.Texts.Count).Select(index => run.RenderAsync(index, cancellationToken)))
            .ConfigureAwait(false);
        ValueResult[] values = await Task.WhenAll(
            _values.Select(value => run.RenderAsync(value, cancellationToken))).ConfigureAwait(false);
        IReadOnlyList<TableVersion> tables = pinned.Versions;
        return new PageResults
        {
            Fences = [.. fences.Select(fence => fence.Failure is null ? fence : fence with { Tables = tables })],
            Values = values,
            InputsHtml = inputs.ToHtml(url),
            TablesHtml = points.ToHtml(tables),
            Tables = tables,
            HasFailures = inputs.HasFailures || points.Failures.Count > 0 || run.HasFailures,
        };
    }

    /// <summary>The statement of one fence, not yet run: all of its rows, for somebody who downloads them.</summary>
    /// <param name="name">The fence.</param>
    /// <param name="url">The query of the URL, decoded.</param>
    /// <param name="cancellationToken">Nobody waits any more; reading the rows has a token of its own.</param>
    /// <exception cref="QueryException">There is no such fence, or it cannot be run.</exception>
    public async Task<StatementResult> OpenAsync(
        string name, IReadOnlyDictionary<string, string> url, CancellationToken cancellationToken)
    {
        PinnedTables pinned = new(RenderPoints.Parse(url).Points);
        ParameterInputs inputs = await ParameterInputs
            .EvaluateAsync(_service, _parameters, url, pinned, cancellationToken).ConfigureAwait(false);
        PageRun run = new(_service, _fences, pinned, inputs);
        await run.PrepareAsync(cancellationToken).ConfigureAwait(false);
        return run.StatementOf(name);
    }

    /// <summary>The hash of a piece of HTML.</summary>
    internal static ulong HashOf(string html) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(html));
}
