using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Polder.Rows.Generator.Emit;
using Polder.Rows.Generator.Model;

namespace Polder.Rows.Generator;

/// <summary>Implements <c>IPolderRow</c> for every type with <c>[PolderRow]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class RowGenerator : IIncrementalGenerator
{
    /// <summary>The step whose outputs tests watch for being cached.</summary>
    internal const string ModelStep = "PolderRowModel";

    private const string AttributeName = "Polder.Columns.Rows.PolderRowAttribute";

    /// <inheritdoc />
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<RowModel> models = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                AttributeName,
                static (node, _) => node is TypeDeclarationSyntax,
                static (found, token) => RowAnalyzer.Analyze(
                    (INamedTypeSymbol)found.TargetSymbol, (TypeDeclarationSyntax)found.TargetNode, token))
            .WithTrackingName(ModelStep);
        context.RegisterSourceOutput(models, static (production, model) => Produce(production, model));
    }

    private static void Produce(SourceProductionContext production, RowModel model)
    {
        foreach (DiagnosticModel diagnostic in model.Diagnostics)
        {
            production.ReportDiagnostic(RowDiagnostics.ToDiagnostic(diagnostic));
        }

        if (model.IsSound)
        {
            production.AddSource(model.HintName, SourceText.From(RowEmitter.Emit(model), Encoding.UTF8));
        }
    }
}
