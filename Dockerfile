# syntax=docker/dockerfile:1

# The output runs on any architecture, so it is built on the builder's own.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src

COPY . .
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet restore NexLlm.Dashboard --locked-mode && \
    dotnet publish NexLlm.Dashboard --configuration Release --no-restore --output /app -p:UseAppHost=false


FROM mcr.microsoft.com/dotnet/aspnet:10.0
LABEL org.opencontainers.image.title="NexLLM Dashboard" \
      org.opencontainers.image.description="Self-hosted LLM gateway with an API key dashboard" \
      org.opencontainers.image.licenses="MIT"

# Replaces the base image's port 8080.
ENV ASPNETCORE_HTTP_PORTS=5080 \
    ConnectionStrings__NexLlm="Data Source=/data/nexllm.db"

# A new volume gets its owner and mode from here.
RUN install --directory --owner=$APP_UID --group=$APP_UID --mode=700 /data
VOLUME /data

WORKDIR /app
COPY --from=build /app .

# The base image's user without privileges, by number so that orchestrators can see that it isn't root.
USER $APP_UID
EXPOSE 5080

# The image has no curl. The request goes through bash, which closes the connection with the end of the command.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/5080 && printf 'GET /readyz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r status <&3 && [[ $status == 'HTTP/1.1 200 '* ]]"]

# Without arguments the server; with arguments a command such as "verify".
ENTRYPOINT ["dotnet", "NexLlm.Dashboard.dll"]
