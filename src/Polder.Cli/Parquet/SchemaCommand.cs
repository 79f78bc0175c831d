using System.CommandLine;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using Polder.Files;
using Polder.Parquet;

namespace Polder.Cli.Parquet;

/// <summary><c>parquet schema FILE</c>: the schema tree as the file declares it.</summary>
internal static class SchemaCommand
{
    private const int LineWidth = 79;

    public static Command Create(Terminal terminal)
    {
        Argument<string> file = ParquetCommand.File();
        Command command = new("schema", "Show the schema tree: repetition, physical and logical types, field ids.")
        {
            file,
        };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(terminal, parsed.GetValue(file)!, cancellationToken));
        return command;
    }

    /// <summary>A logical type as LogicalTypes.md writes it.</summary>
    public static string Format(LogicalType type)
    {
        string name = type.Kind.ToString().ToUpperInvariant();
        return type.Kind switch
        {
            LogicalKind.Decimal => string.Create(
                CultureInfo.InvariantCulture, $"{name}({type.Precision},{type.Scale})"),
            LogicalKind.Timestamp or LogicalKind.Time =>
                $"{name}({type.Unit.ToString().ToUpperInvariant()},{(type.IsAdjustedToUtc ? "true" : "false")})",
            LogicalKind.Integer => string.Create(
                CultureInfo.InvariantCulture, $"{name}({type.BitWidth},{(type.IsSigned ? "true" : "false")})"),
            LogicalKind.Geometry when type.CoordinateSystem is string system => $"{name}({system})",
            LogicalKind.Geography => $"{name}({type.CoordinateSystem ?? "OGC:CRS84"},{Format(type.EdgeAlgorithm)})",
            _ => name,
        };
    }

    private static async Task<int> RunAsync(Terminal terminal, string path, CancellationToken cancellationToken)
    {
        ParquetFileReader reader = await ParquetCommand.OpenAsync(Engine.Default, path, cancellationToken)
            .ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            foreach (SchemaNode child in reader.Footer.Schema.Root.Children)
            {
                Print(terminal, child, 0);
            }
        }

        return ExitCode.Done;
    }

    private static string Format(EdgeAlgorithm algorithm) => algorithm.ToString().ToUpperInvariant();

    private static void Print(Terminal terminal, SchemaNode node, int depth)
    {
        string physical = node.PhysicalType is PhysicalType type
            ? type == PhysicalType.FixedLenByteArray
                ? string.Create(CultureInfo.InvariantCulture, $" fixed_len_byte_array({node.TypeLength})")
                : " " + type.ToString().ToLowerInvariant()
            : "";
        string logical = node.LogicalType.Kind == LogicalKind.None ? "" : $" ({Format(node.LogicalType)})";
        string fieldId = node.FieldId is int id
            ? string.Create(CultureInfo.InvariantCulture, $" = {id}")
            : "";
        string line =
            $"{new string(' ', 2 * depth)}{node.Repetition.ToString().ToLowerInvariant()}{physical} {node.Name}" +
            $"{logical}{fieldId}";

        // A coordinate system may be pages of JSON.
        terminal.Text.WriteLine(terminal.IsOutputTerminal ? BoundText.Clip(line, LineWidth) : line);
        foreach (SchemaNode child in node.Children)
        {
            Print(terminal, child, depth + 1);
        }
    }
}
