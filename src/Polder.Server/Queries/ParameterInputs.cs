using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Polder.Columns;
using Polder.Expressions;
using Polder.Server.Charts;
using Polder.Sql;

namespace Polder.Server.Queries;

/// <summary>
/// The values of a page's parameters for one URL, and the form that shows them. The URL is the truth: the form is a
/// plain GET, and works without script.
/// </summary>
internal sealed class ParameterInputs
{
    private readonly List<Input> _inputs = [];
    private readonly Dictionary<string, Literal> _values = new(StringComparer.Ordinal);

    private ParameterInputs()
    {
    }

    /// <summary>The values that are right; a parameter with a wrong one has none.</summary>
    public IReadOnlyDictionary<string, Literal> Values => _values;

    /// <summary>Whether a value or a declaration is wrong.</summary>
    public bool HasFailures => _inputs.Exists(input => input.Error is not null);

    /// <summary>Finds the values; options that a query yields may use the parameters before them.</summary>
    public static async Task<ParameterInputs> EvaluateAsync(
        QueryService service,
        IReadOnlyList<PageParameter> parameters,
        IReadOnlyDictionary<string, string> url,
        PinnedTables pinned,
        CancellationToken cancellationToken)
    {
        ParameterInputs inputs = new();
        foreach (PageParameter parameter in parameters)
        {
            IReadOnlyList<ParameterOption>? options = parameter.Options;
            string? error = parameter.Failure is FenceFailure failure ? $"{failure.Place}: {failure.Message}" : null;
            if (error is null && parameter.OptionsQuery is SqlFence query)
            {
                FenceText text = FenceText.ReadAll([query])[0];
                try
                {
                    options = await inputs.OptionsAsync(service, text, pinned, cancellationToken)
                        .ConfigureAwait(false);
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    FenceFailure failed = FenceFailure.Of(exception, text, [text]);
                    // Where in its line the query begins, YAML does not tell.
                    error = FormattableString.Invariant($"{failed.File}:{failed.Line}: {failed.Message}");
                }
            }

            inputs.Add(parameter, options, url.GetValueOrDefault(parameter.Name), error);
        }

        return inputs;
    }

    /// <summary>An unbound parameter's error, with what the page declares, or what is wrong with the value.</summary>
    public QueryException Explain(QueryException exception)
    {
        if (exception.Condition != "UNBOUND_SQL_PARAMETER" ||
            !exception.Parameters.TryGetValue("name", out string? name))
        {
            return exception;
        }

        Input? input = _inputs.Find(item => item.Parameter.Name == name);
        string message = input?.Error is string error ? $"the parameter :{name} has no value: {error}"
            : _inputs.Count == 0
                ? $"the page declares no parameters; :{name} needs one under params: in its front matter"
            : $"the page declares no parameter :{name}, only " +
                string.Join(", ", _inputs.Select(item => ":" + item.Parameter.Name));
        return new QueryException(
            exception.Condition, exception.SqlState, message, exception.Parameters, exception.Span);
    }

    /// <summary>The form; empty where the page has no parameters.</summary>
    /// <param name="url">What else the URL says is kept: where tables are read.</param>
    public string ToHtml(IReadOnlyDictionary<string, string> url)
    {
        if (_inputs.Count == 0)
        {
            return "";
        }

        StringBuilder html = new("<form class=\"params\" method=\"get\" data-params>");
        foreach ((string key, string value) in url.Where(pair =>
            pair.Key.StartsWith(RenderPoints.Prefix, StringComparison.Ordinal)).OrderBy(pair => pair.Key))
        {
            html.Append("<input type=\"hidden\" name=\"").Append(Markup.Encode(key)).Append("\" value=\"")
                .Append(Markup.Encode(value)).Append("\">");
        }

        foreach (Input input in _inputs)
        {
            input.AppendTo(html);
        }

        return html.Append("<button type=\"submit\">Apply</button></form>").ToString();
    }

    private async Task<IReadOnlyList<ParameterOption>> OptionsAsync(
        QueryService service, FenceText text, PinnedTables pinned, CancellationToken cancellationToken)
    {
        StatementResult statement = await service.Session.PrepareAsync(
            text.Statement, new SqlQueryOptions { Parameters = Values, Tables = pinned }, cancellationToken)
            .ConfigureAwait(false);
        QueryRows rows = await service.RunAsync(text.Normalised, statement, cancellationToken).ConfigureAwait(false);
        DataType valueType = rows.Schema.Fields[0].Type;
        int label = rows.Schema.Fields.Count > 1 ? 1 : 0;
        return [.. Enumerable.Range(0, int.Min(rows.Count, Input.MostOptions))
            .Where(row => rows[row, 0] is not null)
            .Select(row => new ParameterOption(
                ValueText.Exact(rows[row, 0]!, valueType),
                rows[row, label] is object shown
                    ? ValueText.Exact(shown, rows.Schema.Fields[label].Type)
                    : ValueText.Exact(rows[row, 0]!, valueType)))];
    }

    private void Add(
        PageParameter parameter, IReadOnlyList<ParameterOption>? options, string? given, string? error)
    {
        // Left empty is left open; left out is the default, or the first of what may be chosen.
        string? text = given is { Length: > 0 } ? given
            : given is not null ? null
            : parameter.Default ?? (options is [ParameterOption first, ..] ? first.Value : null);
        if (error is null)
        {
            try
            {
                Literal value = SqlParameter.Parse(text, parameter.Type);
                if (text is not null && options is not null && !options.Any(option => option.Value == text))
                {
                    error = $"'{text}' is none of the values to choose";
                }
                else
                {
                    _values[parameter.Name] = value;
                }
            }
            catch (QueryException exception)
            {
                error = exception.Condition.StartsWith("CAST", StringComparison.Ordinal)
                    ? $"'{text}' is no {parameter.Type.ToUpperInvariant()}"
                    : exception.Message;
            }
        }

        _inputs.Add(new Input(parameter, options, text, error));
    }

    private sealed record Input(
        PageParameter Parameter, IReadOnlyList<ParameterOption>? Options, string? Text, string? Error)
    {
        public const int MostOptions = 1000;

        public void AppendTo(StringBuilder html)
        {
            string name = Markup.Encode(Parameter.Name);
            html.Append("<label class=\"param\"><span>").Append(Markup.Encode(Parameter.Label ?? Parameter.Name))
                .Append("</span>");
            string state = Error is null ? "" : $" aria-invalid=\"true\" aria-describedby=\"error-{name}\"";
            if (Options is not null || IsBoolean)
            {
                html.Append("<select name=\"").Append(name).Append('"').Append(state).Append('>');
                AppendChoices(html);
                html.Append("</select>");
            }
            else
            {
                html.Append("<input type=\"").Append(InputType).Append("\" name=\"").Append(name).Append("\" value=\"")
                    .Append(Markup.Encode(Text ?? "")).Append('"').Append(state).Append('>');
            }

            if (Error is not null)
            {
                html.Append("<span class=\"input-error\" role=\"alert\" id=\"error-").Append(name).Append("\">")
                    .Append(Markup.Encode(Error)).Append("</span>");
            }

            html.Append("</label>");
        }

        private bool IsBoolean => Parameter.Type.Equals("BOOLEAN", StringComparison.OrdinalIgnoreCase);

        // A wrong value is shown as it is, which a number's input would not do.
        private string InputType => Error is not null ? "text" : Parameter.Type.ToUpperInvariant().Split('(')[0] switch
        {
            "DATE" => "date",
            "TINYINT" or "SMALLINT" or "INT" or "INTEGER" or "BIGINT" => "number",
            "FLOAT" or "DOUBLE" or "DECIMAL" => "number\" step=\"any",
            _ => "text",
        };

        private void AppendChoices(StringBuilder html)
        {
            IReadOnlyList<ParameterOption> options =
                Options ?? [new ParameterOption("true", "yes"), new ParameterOption("false", "no")];
            if (Text is null || (IsBoolean && Options is null && Parameter.Default is null))
            {
                html.Append("<option value=\"\"").Append(Text is null ? " selected" : "").Append(">–</option>");
            }
            else if (!options.Any(option => option.Value == Text))
            {
                AppendChoice(html, new ParameterOption(Text, Text), true);
            }

            foreach (ParameterOption option in options)
            {
                AppendChoice(html, option, option.Value == Text);
            }
        }

        private static void AppendChoice(StringBuilder html, ParameterOption option, bool isSelected) => html
            .Append("<option value=\"").Append(Markup.Encode(option.Value)).Append('"')
            .Append(isSelected ? " selected" : "").Append('>').Append(Markup.Encode(option.Label)).Append("</option>");
    }
}
