using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Expressions;
using Polder.Sql;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Polder.Server.Queries;

/// <summary>
/// Reads <c>params:</c> of a front matter: a map from names to a type, or to a map of <c>type</c>, <c>default</c>,
/// <c>label</c> and <c>options</c> (a list, or a query).
/// </summary>
internal static class ParameterDeclarations
{
    private static readonly string[] Keys = ["type", "default", "label", "options"];

    /// <summary>The parameters, in the order of the page; what is wrong with one is said by it.</summary>
    /// <param name="node">The value of params; null = there is none.</param>
    /// <param name="file">The page, for messages.</param>
    /// <param name="firstLine">The line of the file in which the YAML begins, from 1.</param>
    public static IReadOnlyList<PageParameter> Parse(YamlNode? node, string file, int firstLine)
    {
        if (node is null or YamlScalarNode { Value: null or "" })
        {
            return [];
        }

        if (node is not YamlMappingNode map)
        {
            return [Wrong("params", "params is a map from names to types", node, file, firstLine)];
        }

        return [.. map.Children.Select(pair => ParseOne(pair.Key, pair.Value, file, firstLine))];
    }

    private static PageParameter ParseOne(YamlNode key, YamlNode value, string file, int firstLine)
    {
        string name = (key as YamlScalarNode)?.Value ?? "";
        if (name.Length == 0 || !name.All(unit => char.IsAsciiLetterOrDigit(unit) || unit == '_') ||
            char.IsAsciiDigit(name[0]))
        {
            return Wrong(
                name.Length == 0 ? "?" : name,
                "a parameter's name is of letters, digits and _, as :name in SQL",
                key,
                file,
                firstLine);
        }

        if (value is YamlScalarNode { Value: string onlyType })
        {
            return Checked(new PageParameter(name, onlyType), value, file, firstLine);
        }

        if (value is not YamlMappingNode map)
        {
            return Wrong(name, $"{name} is a type, or a map of {string.Join(", ", Keys)}", value, file, firstLine);
        }

        if (map.Children.Keys.FirstOrDefault(item => !Keys.Contains((item as YamlScalarNode)?.Value)) is
            YamlNode unknown)
        {
            return Wrong(
                name, $"{unknown} is none of {string.Join(", ", Keys)}", unknown, file, firstLine);
        }

        PageParameter parameter = new(name, Scalar(map, "type") ?? "STRING")
        {
            Default = Scalar(map, "default"),
            Label = Scalar(map, "label"),
        };
        YamlNode? options = Child(map, "options");
        parameter = options switch
        {
            YamlScalarNode { Value: { Length: > 0 } sql } text => parameter with
            {
                OptionsQuery = new SqlFence(
                    name, sql, new Dictionary<string, string>(), file, LineOfText(text, firstLine)),
            },
            YamlSequenceNode list => parameter with { Options = [.. list.Children.Select(OptionOf)] },
            _ => parameter,
        };
        return Checked(parameter, Child(map, "type") ?? value, file, firstLine);
    }

    // A block of text begins in the line after its mark.
    private static int LineOfText(YamlScalarNode text, int firstLine) =>
        firstLine + (int)text.Start.Line - 1 + (text.Style is ScalarStyle.Literal or ScalarStyle.Folded ? 1 : 0);

    private static PageParameter Checked(PageParameter parameter, YamlNode place, string file, int firstLine)
    {
        try
        {
            SqlParameter.Parse(null, parameter.Type);
            return parameter;
        }
        catch (QueryException exception)
        {
            return Wrong(
                parameter.Name, $"'{parameter.Type}' is no type of SQL ({exception.Message})", place, file, firstLine);
        }
    }

    private static ParameterOption OptionOf(YamlNode node) => node is YamlMappingNode { Children.Count: > 0 } map
        ? new ParameterOption(
            Scalar(map, "value") ?? map.Children.First().Key.ToString(),
            Scalar(map, "label") ?? map.Children.First().Value.ToString())
        : new ParameterOption(node.ToString(), node.ToString());

    private static YamlNode? Child(YamlMappingNode map, string key) =>
        map.Children.FirstOrDefault(pair => (pair.Key as YamlScalarNode)?.Value == key).Value;

    private static string? Scalar(YamlMappingNode map, string key) =>
        Child(map, key) is YamlScalarNode { Value: string value } scalar &&
        !(scalar.Style == ScalarStyle.Plain && value is "null" or "~" or "") ? value : null;

    private static PageParameter Wrong(string name, string message, YamlNode place, string file, int firstLine) =>
        new(name, "STRING")
        {
            Failure = new FenceFailure(
                message, file, firstLine + (int)place.Start.Line - 1, (int)place.Start.Column),
        };
}
